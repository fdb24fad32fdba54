"""One settings file, driven by the environment (RECITE_…). The defaults suit one person on one machine."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"RECITE_{name}", default).strip()


def own(path: str, flags: int) -> int:
    """Open a file that only its owner may read."""
    return os.open(path, flags, 0o600)


def own_secret(path: Path) -> str:
    """The secret in `path`, readable by its owner alone; made at the first start."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Whole or not at all: written aside, then linked to its name unless another process was first.
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        if not path.exists():
            with open(aside, "w", opener=own) as file:
                file.write(secrets.token_urlsafe(50))
            with suppress(FileExistsError):
                os.link(aside, path)
            aside.unlink()
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"cannot write in {path.parent} ({error.strerror}). "
            "Make the folder writable, or name another in RECITE_DATA_DIR."
        ) from error


def database(url: str) -> dict[str, Any]:
    """The database `url` names, or our own SQLite. The error keeps quiet about a password in `url`."""
    if not url:  # a plain path: as an address, a folder with # or % in its name would be another
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "recite.sqlite3")}
    try:
        return {**dj_database_url.parse(url)}
    except ValueError as error:
        raise ImproperlyConfigured(
            "RECITE_DATABASE_URL is not an address of a database. "
            "Write it like postgres://user:password@127.0.0.1:5432/recite, or leave it out for SQLite."
        ) from error


DATA_DIR = Path(env("DATA_DIR") or BASE_DIR / "var")
FIXTURES_DIR = BASE_DIR / "fixtures"
HOST = env("HOST") or "127.0.0.1"  # the address to listen on
PORT = int(env("PORT", "8000")) if env("PORT", "8000").isdigit() else 0  # 0 is refused by `serve`
PUBLIC_URL = env("PUBLIC_URL").rstrip("/")
SECRET_KEY = env("SECRET_KEY") or own_secret(DATA_DIR / "secret_key")
DEBUG = env("DEBUG") == "1"

_public = urlsplit(PUBLIC_URL)
if PUBLIC_URL and (_public.scheme not in {"http", "https"} or not _public.hostname):
    raise ImproperlyConfigured(
        f"RECITE_PUBLIC_URL is “{PUBLIC_URL}”. Write it like https://recite.example.org"
    )
ALLOWED_HOSTS = [
    *env("ALLOWED_HOSTS").replace(",", " ").split(),
    "127.0.0.1",
    "localhost",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = []
if _public.hostname:
    ALLOWED_HOSTS.append(_public.hostname)
    CSRF_TRUSTED_ORIGINS.append(f"{_public.scheme}://{_public.netloc}")

INSTALLED_APPS = [
    "config",
    "quizzes",
    "cards",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of FORM_RENDERER
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.local_time",
    "config.middleware.htmx",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
            ],
        },
    },
]

DATABASES = {"default": database(env("DATABASE_URL")) | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing at their first write.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an acknowledged answer survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts wrong passwords; the default of 300 entries would let a flood of names push others out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "sesame.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESAME_ONE_TIME = True
SESAME_MAX_AGE = 24 * 3600  # seconds a sign-in link stays good
SESSION_COOKIE_AGE = 90 * 24 * 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if _public.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
SESSION_COOKIE_NAME = "recite_session"
CSRF_COOKIE_NAME = "recite_csrf"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL") or "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a page not found is no news
}
