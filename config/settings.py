"""Settings, read once from the environment; a contradiction is an error here or in `config.checks`.

Environment: docs/operations.md. Nothing here starts a service: `config.embedded` has done that before.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("SHOUWEN_DATA") or BASE_DIR / ".data")


def _flag(name: str) -> bool:
    """A yes-or-no variable: 1 or 0, nothing else, so that `no` is never taken for yes."""
    value = os.environ.get(name, "0")
    if value not in {"0", "1", ""}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value == "1"


def _number(name: str, usual: int) -> int:
    """A whole number, at least 0."""
    value = os.environ.get(name) or str(usual)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


DEMO = _flag("SHOUWEN_DEMO")
DEBUG = _flag("SHOUWEN_DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
FIELD_KEYS = os.environ.get("SHOUWEN_FIELD_KEYS", "")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
HTTPS = _flag("SHOUWEN_HTTPS")
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # what /metrics asks for; without one there is no /metrics

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the site itself is ours
    "unfold.contrib.simple_history",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "axes",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "simple_history",
    "config.apps.ConfigConfig",
    "accounts",
    "sla",
    "complaints",
    "notifications",
    "channels",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.IdleMiddleware",
    "config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

if METRICS_TOKEN:  # counted before everything else
    MIDDLEWARE.insert(0, "config.metrics.RequestMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.shell.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "config.jinja.environment"},
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgresql:///shouwen"), conn_max_age=600, conn_health_checks=True
    )
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")
PING_URL = os.environ.get("SHOUWEN_PING_URL", "")  # asked after each round of `enforce --loop`

# Nothing that matters is kept in a cache: sessions, lock-outs and limits live in PostgreSQL.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
ACCOUNT_FORMS = {"change_password": "accounts.forms.NewPassword"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = False  # the lock-out is django-axes', in the database
USERSESSIONS_TRACK_ACTIVITY = False  # IdleMiddleware keeps the last activity
AXES_HANDLER = "accounts.lockout.TwoLimits"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5  # wrong passwords for a name at one address
FAILURES_ANYWHERE = 20  # for a name, at all addresses together
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what is refused is not counted: no lock lasts for ever
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_ENABLE_ADMIN = False
AXES_IPWARE_PROXY_COUNT = int(os.environ.get("SHOUWEN_PROXIES", "0"))
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "accounts.adapter.counted_name"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
IDLE_SECONDS = 15 * 60

# What a browser may do with our pages
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
EVIDENCE_DIR = DATA_DIR / "evidence"
EVIDENCE_MAX_BYTES = 50 * 1024 * 1024

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

API_CALLS_A_MINUTE = _number("SHOUWEN_API_RATE", 600)  # of one token; 0 for no limit
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.HasAccess"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.TokenLimit"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.strict_json.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.refusals.api_refusal",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Shouwen",
    "DESCRIPTION": (
        "The complaint desk: register, answer, hand over, resolve, and prove it.\n\n"
        "Answers speak Chinese, and English where `Accept-Language` asks for it. A token has a number of calls a minute"
        f" ({API_CALLS_A_MINUTE or 'without limit'} here), which it may make at once; beyond them it gets 429, and"
        " `Retry-After` says in how many seconds to try again."
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # what an institution's desk can do is no stranger's business; the demo shows it to anybody
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny" if DEMO else "accounts.api.HasAccess"],
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "list", "tryItOutEnabled": False},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {"MeansEnum": "complaints.models.Message.Means"},
}

SIMPLE_HISTORY_DATE_INDEX = "composite"
SIMPLE_HISTORY_REVERT_DISABLED = True

UNFOLD = {
    "SITE_TITLE": _("Shouwen"),
    "SITE_HEADER": _("Shouwen"),
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    # our ink, from its softest to its darkest
    "COLORS": {
        "primary": {
            "50": "#eef4fb",
            "100": "#dbe7f6",
            "200": "#b9d0ec",
            "300": "#8db8f2",
            "400": "#5a93d8",
            "500": "#2f6db5",
            "600": "#1b4b87",
            "700": "#173f72",
            "800": "#13345e",
            "900": "#0f294b",
            "950": "#0a1c34",
        }
    },
}

LOGGING = logs.configuration("WARNING")

SILENCED_SYSTEM_CHECKS: list[str] = []
