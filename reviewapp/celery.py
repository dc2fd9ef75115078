"""The Celery app: one task, `run_job`; which broker it uses is a matter of settings."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")

app = Celery("reviewapp")
app.conf.update(settings.CELERY)
app.autodiscover_tasks(["reviewapp"], related_name="jobs")
