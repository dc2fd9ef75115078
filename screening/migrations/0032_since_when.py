import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0031_shared_training"),
    ]

    operations = [
        migrations.AddField(
            model_name="screeninglease",
            name="handed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, null=True),
        ),
        migrations.AddIndex(
            model_name="retrievalattempt",
            index=models.Index(fields=["created_at"], name="attempt_since_idx"),
        ),
    ]
