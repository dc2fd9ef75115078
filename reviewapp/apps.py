"""Django's entry to the wiring; it owns the shared static files and the commands."""

from importlib import import_module

from django.apps import AppConfig


class ReviewappConfig(AppConfig):
    """Names the app and its key type."""

    name = "reviewapp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make our Celery app the current one, for every `send_task`; check; hear of sign-ins."""
        import_module("reviewapp.celery")
        import_module("reviewapp.checks")
        import_module("reviewapp.sessions").listen()
