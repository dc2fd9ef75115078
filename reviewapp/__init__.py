"""The wiring: settings, addresses, Celery and the commands that run the house."""
