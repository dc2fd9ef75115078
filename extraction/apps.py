"""Django's entry to the app."""

from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    """Names the app and its key type."""

    name = "extraction"
    default_auto_field = "django.db.models.BigAutoField"
