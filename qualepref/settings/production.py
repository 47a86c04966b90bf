"""Production: PostgreSQL, Redis, gunicorn behind nginx, HTTPS. Refuses to start half-configured."""

from qualepref.settings.base import *  # noqa: F403
from qualepref.settings.base import SILENCED_SYSTEM_CHECKS, STORAGES, env


SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_URL = env.str("PUBLIC_URL").rstrip("/")
DATABASE_URL = env.str("DATABASE_URL")
REDIS_URL = env.str("REDIS_URL")
SHOW_CATALOGUE = False

STORAGES["staticfiles"] = {
    "BACKEND": "common.static_files.ModuleStaticFilesStorage",
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
# The proxy asks for the health page in clear, from the same machine.
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = [
    *SILENCED_SYSTEM_CHECKS,
    "security.W019",  # our own pages show the preview of a document in a frame
    "security.W021",  # the preload list of browsers is a decision of the domain's owner
]
