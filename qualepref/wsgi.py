"""Door of the web server (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualepref.settings.local")
application = get_wsgi_application()
