"""Settings, read from the environment; what is missing in production fails at start. The table is in docs/operations.md."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def _env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"the environment variable {name} is not set")
    return value


# A database is born demo or real; a demo may turn the clock and shows its components, a real one refuses both.
INSTALLATION_KIND = _env("CAREMGMT_KIND", "real")
if INSTALLATION_KIND not in {"demo", "real"}:
    raise ImproperlyConfigured("CAREMGMT_KIND is demo or real")
DEMO = INSTALLATION_KIND == "demo"
DEBUG = False
SHOW_DEVELOPER_PAGES = DEMO

SECRET_KEY = _env("SECRET_KEY")
CAREMGMT_KEYS = _env("CAREMGMT_KEYS")
FIELD_ALGORITHM = _env("CAREMGMT_FIELD_ALGORITHM", "aes-256-gcm")

ALLOWED_HOSTS = _env("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEMO else None).split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in _env("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "caremgmt.apps.CaremgmtConfig",
    "reports.apps.ReportsConfig",
    "legalaid.apps.LegalaidConfig",
    "shelter.apps.ShelterConfig",
    "referrals.apps.ReferralsConfig",
    "hotline.apps.HotlineConfig",
    "cases.apps.CasesConfig",
    "agencies.apps.AgenciesConfig",
    "core.apps.CoreConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.middleware.ServerTimingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.ChineseFirstLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agencies.middleware.AgencyKeyMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "core.middleware.IdentityMiddleware",
    "core.screenlock.ScreenLockMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "agencies.middleware.ClosedDoorsMiddleware",
    "agencies.middleware.FirstPasswordMiddleware",
    "agencies.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "caremgmt.urls"
WSGI_APPLICATION = "caremgmt.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "caremgmt.navigation.shell",
            ],
            "builtins": ["core.templatetags.ui", "django.templatetags.i18n"],
        },
    },
]

# --- database: who this process is -----------------------------------------------------------------------------------
DB_ROLE = _env("CAREMGMT_DB_ROLE", "web")
if DB_ROLE not in {"web", "worker", "owner"}:
    raise ImproperlyConfigured("CAREMGMT_DB_ROLE is web, worker or owner")


def database_password(role: str) -> str:
    """The password of a login role: from the environment, else derived from SECRET_KEY (as `manage.py db_roles` sets it)."""
    given = os.environ.get(f"CAREMGMT_DB_{role.upper()}_PASSWORD")
    return given or hmac.new(SECRET_KEY.encode(), f"caremgmt-db-{role}".encode(), hashlib.sha256).hexdigest()[:32]


def _database(url: str, role: str) -> dict[str, Any]:
    parts = urlsplit(url)
    owner = role == "owner"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "USER": unquote(parts.username or "") if owner else f"caremgmt_{role}",
        "PASSWORD": unquote(parts.password or "") if owner else database_password(role),
        "CONN_MAX_AGE": 0 if owner else 300,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


DATABASES = {"default": _database(_env("DATABASE_URL"), DB_ROLE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker: a bell, never the truth ----------------------------------------------------------------------------------
REDIS_URL = _env("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Shanghai"
DRAFT_LEFT_AFTER, DRAFT_LEFT_AFTER_IN_DANGER = dt.timedelta(minutes=30), dt.timedelta(minutes=10)  # [default]
POLL_SECONDS = float(_env("CAREMGMT_POLL_SECONDS", "15" if DEMO else "60"))
# An alert is raised for so many cases (searches) within an hour, if that is also so many times the person's usual hour.
BURST_FLOORS = {
    "view": int(_env("CAREMGMT_BURST_VIEWS", "40")),
    "reveal": int(_env("CAREMGMT_BURST_REVEALS", "15")),
    "search": int(_env("CAREMGMT_BURST_SEARCHES", "40")),
    "list": int(_env("CAREMGMT_BURST_LISTED", "300")),  # different cases on the pages of lists and in exports
}
BURST_TIMES = int(_env("CAREMGMT_BURST_TIMES", "3"))
CELERY_BEAT_SCHEDULE = {
    "outbox-sweep": {"task": "core.tasks.outbox_sweep", "schedule": POLL_SECONDS},
    "log-seal": {"task": "core.tasks.log_seal", "schedule": max(POLL_SECONDS, 60.0)},
    "log-heads": {"task": "core.tasks.log_heads", "schedule": 3600.0},
    "followups-due": {"task": "cases.tasks.followups_poll", "schedule": POLL_SECONDS},
    "late-work": {"task": "cases.tasks.late_work_poll", "schedule": POLL_SECONDS},
    "walls-settle": {"task": "cases.tasks.walls_poll", "schedule": POLL_SECONDS},
    "joint-end": {"task": "cases.tasks.joint_poll", "schedule": max(POLL_SECONDS, 60.0)},
    "absences": {"task": "referrals.tasks.absences_poll", "schedule": POLL_SECONDS},
    "bursts": {"task": "cases.tasks.bursts_poll", "schedule": max(POLL_SECONDS, 300.0)},
    "holds-expire": {"task": "shelter.tasks.holds_poll", "schedule": max(POLL_SECONDS, 60.0)},
    "drafts-left": {"task": "hotline.tasks.drafts_poll", "schedule": max(POLL_SECONDS, 60.0)},
    "access-expire": {"task": "cases.tasks.access_expire", "schedule": 3600.0},
    "promise-check": {"task": "cases.tasks.promise_check", "schedule": 3600.0},
    "nonces-forget": {"task": "agencies.tasks.nonces_forget", "schedule": 3600.0},
    "month-poll": {"task": "reports.tasks.months_poll", "schedule": max(POLL_SECONDS, 60.0)},
}
CACHES = {
    "default": {
        "BACKEND": "core.cache.PatientCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "caremgmt",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    },
    # This process's own memory: what is worked out of figures, which have no business in another server.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 600},
    },
}

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "agencies.backends.StaffBackend",
    "cases.permissions.SectionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: no row stands for "nobody"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "agencies.passwords.FirstPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_ADAPTER = "agencies.accounts.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
MFA_ADAPTER = "agencies.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "caremgmt"
# Required wherever the people are real; a demo shows the enrolment but lets visitors in without it.
SECOND_FACTOR_REQUIRED = not DEMO
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
if not DEMO:
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # tells other sites nothing; "no-referrer" would make our own forms arrive without an origin
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "geolocation": [],
    "camera": [],
    "microphone": [],
    "payment": [],
    "usb": [],
    "interest-cohort": [],
}

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ------------------------------------------------------------------------------------------------------------
VAR_DIR = Path(_env("CAREMGMT_VAR", str(BASE_DIR / "var")))
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static"]
if (BASE_DIR / "var" / "vendor").is_dir():
    STATICFILES_DIRS.append(("vendor", BASE_DIR / "var" / "vendor"))
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# One signed line an hour about the ends of the log (core/heads.py): to be kept where the database's owner cannot write.
LOG_HEADS = _env("CAREMGMT_LOG_HEADS", str(VAR_DIR / "heads" / "log-heads.jsonl"))

# What is handed in as a paper (core/uploads): sizes in bytes, pixels of one image. A program's request is read into memory whole.
PAPER_MAX_BYTES = int(_env("CAREMGMT_PAPER_MAX_BYTES", str(10 * 1024 * 1024)))
PAPER_MAX_PIXELS = int(_env("CAREMGMT_PAPER_MAX_PIXELS", "40000000"))
PAPER_MAX_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = PAPER_MAX_BYTES + 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "core.uploads.MemoryOnlyHandler"
]  # nothing that was handed in is ever written to a disk unsealed

# How many proxies of ours stand before the product: the address in the log is the one that the outermost of them saw.
TRUSTED_PROXIES = int(_env("CAREMGMT_TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- programs -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.apilogin.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "caremgmt",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ReferralResult": "referrals.enums.Result",
        "ReferralAnswer": "referrals.enums.ANSWER_CHOICES",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # cases.permissions.SectionBackend is guardian's backend, with expiry
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False

# --- figures ------------------------------------------------------------------------------------------------------------
SMALL_CELL = 5  # cells from 1 to SMALL_CELL - 1 are not shown to those without case scope

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO" if not DEMO else "WARNING"},
    # An exception's text may carry a row's values: the name of the error and the place are logged, never its arguments.
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False, "filters": []}},
    "filters": {"no_values": {"()": "core.logs.WithoutValues"}},
}
LOGGING["handlers"]["console"]["filters"] = ["no_values"]  # type: ignore[index]

THIRD_PARTY_PROTECTION = "caremgmt.protection.THIRD_PARTY"
