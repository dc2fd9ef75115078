"""The WSGI entry for waitress and gunicorn."""

import os
import threading

from django.core.wsgi import get_wsgi_application

from screening.pdfs import shared_pool

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
application = get_wsgi_application()

# The first page of a PDF that somebody opens finds its process started.
threading.Thread(target=shared_pool().warm, daemon=True).start()
