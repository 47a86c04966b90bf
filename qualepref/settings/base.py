"""Settings shared by every environment; everything that varies comes from the environment.

Embedded default: SQLite in WAL mode, Celery over files, files and e-mails in folders, all under
``QUALEPREF_DATA``. Production changes nothing but variables (see docs/operations.md).
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env


env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("QUALEPREF_DATA") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def kept_secret(path: Path) -> str:
    """Return the secret key of this installation, made once and kept with its data."""
    from django.core.management.utils import get_random_secret_key

    try:
        # O_EXCL: two processes starting together must end up with the same key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = get_random_secret_key()
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


VERSION = "0.1.0"
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA_DIR / "secret_key")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
# Address printed in documents (verification) and e-mails; the request's host is never trusted there.
PUBLIC_URL = env.str("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
# Demo accounts are shown on the login page only where the demo was loaded on purpose.
SHOW_DEMO_ACCOUNTS = env.bool("SHOW_DEMO_ACCOUNTS", False)

INSTALLED_APPS = [
    "qualepref",
    "demo",
    "meetings",
    "indicators",
    "action_plans",
    "modules",
    "reports",
    "accounts",
    "common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "dsfr",
    "widget_tweaks",
    # After dsfr: its form templates must win over Django's.
    "django.forms",
    "crispy_forms",
    "simple_history",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "crispy_dsfr"
CRISPY_TEMPLATE_PACK = "crispy_dsfr"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.ScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Last: it turns a lock-out raised by the login view into its page.
    "axes.middleware.AxesMiddleware",
]
X_FRAME_OPTIONS = "SAMEORIGIN"

ROOT_URLCONF = "qualepref.urls"
WSGI_APPLICATION = "qualepref.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.layout",
            ],
            "builtins": [
                "accounts.templatetags.access",
                "common.templatetags.typography",
                "common.templatetags.components",
                "common.templatetags.numbers",
            ],
        },
    }
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Web and worker write together: readers never block (WAL), a writer waits its turn, and a
        # transaction takes the write lock at once so that it cannot fail half-way on an upgrade.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        # Files, because the web processes must share lock-out and rate counters.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
}

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_RESET_TIMEOUT = 3600
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", 5)
AXES_COOLOFF_TIME = env.float("LOGIN_COOLOFF_HOURS", 0.5)
# One account from one address: a stranger cannot lock everybody out by typing their e-mail.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "accounts.views.sessions.locked"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", 0) or None
SESSION_COOKIE_AGE = env.int("SESSION_MINUTES", 120) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The page warns this long before the session ends (RGAA: no time-out without warning).
SESSION_WARNING_SECONDS = env.int("SESSION_WARNING_SECONDS", 300)

# --- Language ---------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = env.str("TIME_ZONE", "Europe/Paris")
USE_I18N = True
USE_TZ = True
FIRST_DAY_OF_WEEK = 1

# --- Files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # No public address: private files leave only through a gated view.
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if env.str("AWS_STORAGE_BUCKET_NAME", ""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("AWS_STORAGE_BUCKET_NAME"),
            "endpoint_url": env.str("AWS_S3_ENDPOINT_URL", None),
            "region_name": env.str("AWS_S3_REGION_NAME", None),
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_MB", 30) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The attendance grid sent whole (without JavaScript) has four fields a row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600

# --- E-mail -----------------------------------------------------------------------------------
EMAIL_FILE_PATH = DATA_DIR / "emails"
vars().update(env.dj_email_url("EMAIL_URL", f"file:///{EMAIL_FILE_PATH}"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Qual-e-Pref <ne-pas-repondre@localhost>")
EMAIL_SUBJECT_PREFIX = "[Qualité] "
EMAIL_TIMEOUT = 20

# --- Worker -----------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or REDIS_URL or "filesystem://"
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "queue"),
        "data_folder_out": str(DATA_DIR / "broker" / "queue"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
        "polling_interval": 0.2,
    }
    for folder in ("queue", "control"):
        (DATA_DIR / "broker" / folder).mkdir(parents=True, exist_ok=True)
else:
    # A task whose worker dies is given to another after this long (the document claim makes a
    # second delivery harmless).
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_TASK_IGNORE_RESULT = True
# A killed worker must not lose its task, and one that dies on the same task must not loop on it:
# the document row counts its attempts.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKERS", 2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
# With the data: the worker may run from a folder where it cannot write.
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Security headers -------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

CSRF_FAILURE_VIEW = "common.views.csrf_failure"

# --- Legal duties -----------------------------------------------------------------------------
# Facts of the footer pages. What is left blank is shown as « à compléter par la préfecture ».
PUBLISHER = {
    "name": env.str("PUBLISHER_NAME", ""),
    "address": env.str("PUBLISHER_ADDRESS", ""),
    "director": env.str("PUBLISHER_DIRECTOR", ""),
    "host": env.str("PUBLISHER_HOST", ""),
    "contact": env.str("PUBLISHER_CONTACT", ""),
    "data_protection_officer": env.str("PUBLISHER_DATA_PROTECTION_OFFICER", ""),
    "retention": env.str("PUBLISHER_RETENTION", ""),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # fontTools logs every table of every subset font at INFO.
    # axes, kombu and pikepdf greet each process with a line that asks nothing of anybody.
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "axes.apps": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
