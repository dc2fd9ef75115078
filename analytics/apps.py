"""Django's entry to the app."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Names the app and its key type."""

    name = "analytics"
    default_auto_field = "django.db.models.BigAutoField"
