"""Django's entry to the wiring; it owns the shared static files and the commands."""

from importlib import import_module

from django.apps import AppConfig


class ReviewappConfig(AppConfig):
    """Names the app and its key type."""

    name = "reviewapp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make our Celery app the current one, so that every app's `send_task` uses it."""
        import_module("reviewapp.celery")
