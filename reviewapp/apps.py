"""Django's entry to the wiring; it owns the shared static files and the commands."""

from django.apps import AppConfig


class ReviewappConfig(AppConfig):
    """Names the app and its key type."""

    name = "reviewapp"
    default_auto_field = "django.db.models.BigAutoField"
