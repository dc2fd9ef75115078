"""When the values of a change of the form had followed it; so far they did at once."""

from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


def followed_at_once(apps: Any, schema_editor: Any) -> None:
    changes = apps.get_model("extraction", "FormChange").objects
    changes.update(carried_at=Coalesce(F("taken_back_at"), F("made_at")))


class Migration(migrations.Migration):
    dependencies = [("extraction", "0010_joined_reports_and_data_sets")]

    operations = [
        migrations.AddField(
            model_name="formchange",
            name="carried_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(followed_at_once, migrations.RunPython.noop),
    ]
