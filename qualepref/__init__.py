"""Top floor (8): settings, urls, Celery, schedule. May import every app."""

from qualepref.celery import app as celery_app


__all__ = ["celery_app"]
