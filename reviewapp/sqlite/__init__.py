"""The embedded database's backend: Django's own, with writers that wake up in time."""
