"""Django's entry to the app."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Names the app and its key type."""

    name = "screening"
    default_auto_field = "django.db.models.BigAutoField"
