from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0023_day_of_an_attempt")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="queue",
            field=models.CharField(
                choices=[("short", "Short work"), ("long", "Long work")],
                db_default="long",
                default="long",
                max_length=10,
            ),
        ),
    ]
