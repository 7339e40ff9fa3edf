"""Settings of every process. What differs between machines comes from the environment; docs/operations.md lists it.

`EPJ_PROCESS` says what this process is: `web`, `worker`, `beat`, `sealer` or, by default, `manage` (a command).
"""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from lms_epj.environment import read_bool, read_database, read_int, read_list, read_str

BASE_DIR = Path(__file__).resolve().parent.parent

EPJ_PROCESS = read_str("EPJ_PROCESS", "manage")
# Synthetic people, known passwords and no TLS. Never on a machine with real patients.
EPJ_DEMO = read_bool("EPJ_DEMO")
EPJ_TEST = read_bool("EPJ_TEST")
SERVES = EPJ_PROCESS != "manage"
PLAIN_HTTP = EPJ_DEMO or EPJ_TEST

EPJ_VAR_DIR = Path(read_str("EPJ_VAR_DIR", str(BASE_DIR / "var")))
EPJ_SECOND_FACTOR_REQUIRED = read_bool("EPJ_SECOND_FACTOR_REQUIRED", not EPJ_DEMO) or not PLAIN_HTTP
EPJ_IDLE_LOCK_SECONDS = read_int("EPJ_IDLE_LOCK_SECONDS", 180)
# Per session and web process; 0 is no limit, as where figures are measured.
EPJ_REQUESTS_PER_MINUTE = read_int("EPJ_REQUESTS_PER_MINUTE", 0 if PLAIN_HTTP else 600)
EPJ_EMERGENCY_MINUTES = read_int("EPJ_EMERGENCY_MINUTES", 60)
EPJ_ON_CALL_PHONE = read_str("EPJ_ON_CALL_PHONE")
# Keys for fields encrypted in the database (second-factor secrets …): Fernet keys, newest first.
EPJ_FIELD_KEYS = read_list("EPJ_FIELD_KEYS")
# The private key is given to the sealer process only; the public one verifies.
EPJ_SEALING_KEY_FILE = read_str("EPJ_SEALING_KEY_FILE")
EPJ_SEALING_PUBLIC_KEY_FILE = read_str("EPJ_SEALING_PUBLIC_KEY_FILE")
EPJ_SEALING_COPY_DIR = read_str("EPJ_SEALING_COPY_DIR")
# Where the worker writes the copy for a municipality that leaves.
EPJ_EXPORT_DIR = read_str("EPJ_EXPORT_DIR", str(EPJ_VAR_DIR / "exports"))

SECRET_KEY = read_str("DJANGO_SECRET_KEY", required=SERVES)
DEBUG = False
ALLOWED_HOSTS = read_list("EPJ_HOSTS", "localhost,127.0.0.1,[::1],testserver" if PLAIN_HTTP else "")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if not PLAIN_HTTP else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "auditlog",
    "access",
    "journal",
    "messaging",
    "telemed",
    "ops",
    "lms_epj",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "access.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lms_epj.urls"
WSGI_APPLICATION = "lms_epj.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "lms_epj" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "access.views.frame.frame",
            ],
        },
    },
]

# --- Databases: `default` serves as a role that owns nothing; `owner` is there only for migrate and seed. ---

EPJ_WEB_THREADS = read_int("EPJ_WEB_THREADS", 4)


def connection_settings(process: str) -> dict[str, Any]:
    """How long a connection lives and how long a statement may take, by kind of process.

    The web takes its connections from a pool, one per thread. Other processes fork, and a pool does not survive that.
    """
    options: dict[str, Any] = {"application_name": f"epj-{process}"}
    if process == "web":
        options["pool"] = {"min_size": 2, "max_size": EPJ_WEB_THREADS + 2, "timeout": 10}
        # Only what lms_epj.core.prepared sends is prepared, and each such query has one good plan.
        limits = {
            "statement_timeout": "20s",
            "lock_timeout": "5s",
            "idle_in_transaction_session_timeout": "30s",
            "plan_cache_mode": "force_generic_plan",
        }
        options["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())
        options["prepare_threshold"] = 0
    return {"CONN_MAX_AGE": 300 if process in ("worker", "sealer") else 0, "OPTIONS": options}


_default = read_database("DATABASE_URL", **connection_settings(EPJ_PROCESS))
_owner = read_database("DATABASE_OWNER_URL", OPTIONS={"application_name": "epj-owner"})
DATABASES: dict[str, dict[str, Any]] = {"default": _default or {"ENGINE": "django.db.backends.postgresql", "NAME": "epj"}}
if _owner:
    DATABASES["owner"] = _owner
_sealer = read_database("DATABASE_SEALER_URL", **connection_settings("sealer"))
if _sealer:
    DATABASES["sealer"] = {**_sealer, "TEST": {"MIRROR": "default"}}
if EPJ_TEST:
    # Test databases are copies of one that is migrated already.
    DATABASES["default"]["TEST"] = {"TEMPLATE": read_str("EPJ_TEST_TEMPLATE") or None}
    # As the web's: the gate's functions keep one plan, instead of making them anew for each of a hundred thousand calls.
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "options": "-c plan_cache_mode=force_generic_plan"}
# What migrate, seed and backup connect as; in tests `default` itself is the owner.
DATABASE_OWNER_ALIAS = "owner" if _owner else "default"
# What seals and verifies the access log: a role that reads it and appends signed batches, nothing else. The sealer's process has no other.
DATABASE_SEALER_ALIAS = "sealer" if _sealer else "default" if EPJ_PROCESS == "sealer" else DATABASE_OWNER_ALIAS

# --- Tasks ---

REDIS_URL = read_str("REDIS_URL", required=EPJ_PROCESS in ("worker", "beat"))
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The timeout must exceed the longest task, or it runs twice; tasks that wait for a time are rows found by beat, never eta.
# The restore options bring back a killed worker's task soon after it: with kombu's own it took over a minute more.
CELERY_TASK_TIME_LIMIT = 240
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 10,
    "socket_connect_timeout": 3,
}
# Messages have workers of their own: theirs is the token, and a long copy or a slow report must not keep a message waiting.
# The watch over them runs with the others: it must work while they do not.
CELERY_TASK_ROUTES = {
    "messaging.tasks.watch_messages": {"queue": "celery"},
    "messaging.tasks.write_reports": {"queue": "celery"},
    "messaging.tasks.*": {"queue": "messages"},
}
CELERY_TIMEZONE = "Europe/Oslo"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "open-reapprovals": {"task": "access.tasks.open_reapprovals", "schedule": crontab(hour="5", minute="10")},
    "keep-log-partitions": {"task": "auditlog.tasks.keep_partitions", "schedule": crontab(hour="3", minute="15")},
    "review-log": {"task": "access.tasks.review_log", "schedule": crontab(hour="4", minute="10")},
    "keep-review-deadlines": {"task": "access.tasks.keep_deadlines", "schedule": crontab(minute="*/15")},
    "carry-out-exits": {"task": "journal.tasks.carry_out_exits", "schedule": crontab()},
    "send-reminders": {"task": "telemed.tasks.send_reminders", "schedule": crontab()},
    "write-exports": {"task": "journal.tasks.write_exports", "schedule": crontab()},
    "make-prints": {"task": "journal.tasks.make_prints", "schedule": 2.0, "options": {"expires": 4}},
    "sweep-prints": {"task": "journal.tasks.sweep_prints", "schedule": crontab()},
    "work-messages": {"task": "messaging.tasks.work_messages", "schedule": 2.0, "options": {"expires": 4}},
    "send-pages": {"task": "ops.tasks.send_pages", "schedule": 10.0, "options": {"expires": 20}},
    "check-health": {"task": "ops.tasks.check_health", "schedule": crontab(), "options": {"expires": 50}},
    "extend-plans": {"task": "ops.tasks.extend_plans", "schedule": crontab(hour="2", minute="40")},
    "follow-messages": {"task": "messaging.tasks.follow_messages", "schedule": crontab()},
    "watch-messages": {"task": "messaging.tasks.watch_messages", "schedule": crontab(), "options": {"expires": 50}},
    "write-message-reports": {"task": "messaging.tasks.write_reports", "schedule": crontab(hour="0,6", minute="20")},
}

# --- Messages: without a token this process neither sends nor takes in ---

EPJ_MESSAGING_TOKEN = read_str("EPJ_MESSAGING_TOKEN")
EPJ_MESSAGING_DIR = read_str("EPJ_MESSAGING_DIR")
EPJ_MESSAGING_LEASE_SECONDS = read_int("EPJ_MESSAGING_LEASE_SECONDS", 120)
EPJ_MESSAGING_API = read_str("EPJ_MESSAGING_API")
EPJ_MESSAGING_API_TOKEN_FILE = read_str("EPJ_MESSAGING_API_TOKEN_FILE", required=bool(EPJ_MESSAGING_API))
# Where the standards leave a choice (messaging/formats/outcome.py).
EPJ_MESSAGING_REFUSE_INVALID = read_bool("EPJ_MESSAGING_REFUSE_INVALID", True)
EPJ_MESSAGING_REFUSE_UNKNOWN_SERVICE = read_bool("EPJ_MESSAGING_REFUSE_UNKNOWN_SERVICE")
EPJ_MESSAGING_ANSWER_FOREIGN = read_bool("EPJ_MESSAGING_ANSWER_FOREIGN")

# --- On call: where the links in pages lead, and the gateway of text messages (else a folder, EPJ_ALARM_SMS_DIR) ---

_own_url = f"https://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS and not PLAIN_HTTP else "http://127.0.0.1:8000"
EPJ_PUBLIC_URL = read_str("EPJ_PUBLIC_URL", _own_url).rstrip("/")
EPJ_HEALTH_URL = read_str("EPJ_HEALTH_URL")
EPJ_SMS_URL = read_str("EPJ_SMS_URL")
EPJ_SMS_TOKEN = read_str("EPJ_SMS_TOKEN")

# Alarms: whom they are told, as «mailto:…» and «sms:+47…» with commas between, and when they are due.
EPJ_ALARM_TO = read_list("EPJ_ALARM_TO")
EPJ_ALARM_ON_CALL = read_list("EPJ_ALARM_ON_CALL")
EPJ_ALARM_ESCALATE_MINUTES = read_int("EPJ_ALARM_ESCALATE_MINUTES", 15)
EPJ_ALARM_LIMITS = {
    "silent_seconds": read_int("EPJ_ALARM_SILENT_SECONDS", 120),
    "queue_minutes": read_int("EPJ_ALARM_QUEUE_MINUTES", 10),
    "unreceipted_hours": read_int("EPJ_ALARM_UNRECEIPTED_HOURS", 4),
    "tray_hours": read_int("EPJ_ALARM_TRAY_HOURS", 24),
}
EPJ_ALARM_SMS_DIR = read_str("EPJ_ALARM_SMS_DIR")
EMAIL_HOST = read_str("EPJ_SMTP_HOST", "localhost")
EMAIL_PORT = read_int("EPJ_SMTP_PORT", 25)
EMAIL_HOST_USER = read_str("EPJ_SMTP_USER")
EMAIL_HOST_PASSWORD = read_str("EPJ_SMTP_PASSWORD")
EMAIL_USE_TLS = read_bool("EPJ_SMTP_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read_str("EPJ_SMTP_FROM", "meldingsvakt@localhost")

# --- Video: who carries it (`local` is a room for trying out; empty, and the pages say that it is not set up), and where reminders are laid ---

EPJ_REMINDER_DIR = read_str("EPJ_REMINDER_DIR", str(EPJ_VAR_DIR / "reminders") if EPJ_DEMO else "")
EPJ_VIDEO = read_str("EPJ_VIDEO", "local" if PLAIN_HTTP else "")

# --- People ---

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if EPJ_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "given_name", "family_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "access.services.password_rules.PlaceWords"},
]

# --- Language and time: bokmål is the source language; stored in UTC, shown in Oslo ---

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norsk bokmål")), ("en", _("Engelsk"))]
LOCALE_PATHS = [BASE_DIR / "lms_epj" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

# --- Static files: ours, and those the asset build made from npm packages ---

STATIC_URL = "/static/"
STATIC_ROOT = Path(read_str("EPJ_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "lms_epj" / "static", ("vendor", BASE_DIR / "build" / "vendor")]
_static_storage = "StaticFilesStorage" if EPJ_TEST else "ManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"django.contrib.staticfiles.storage.{_static_storage}"},
}

# Files from people go to the database alone: what is taken in is held in memory, what is larger is not kept anywhere.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 24_000_000

# --- API ---

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "EXCEPTION_HANDLER": "journal.api.refusals.refusal",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "LMS EPJ",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- What the browser is told ---

SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if read_bool("EPJ_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
COOKIE_PREFIX = "" if PLAIN_HTTP else "__Host-"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_FAILURE_VIEW = "access.views.refused.csrf_failed"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read_str("EPJ_LOG_LEVEL", "INFO")},
}
