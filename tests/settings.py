"""The settings of the suite: the real ones, in a data folder of its own."""

import os
import tempfile

os.environ.setdefault("RECITE_DATA_DIR", tempfile.mkdtemp(prefix="recite-test-"))
if os.environ.get("RECITE_TEST_DATABASE_URL"):
    os.environ["RECITE_DATABASE_URL"] = os.environ["RECITE_TEST_DATABASE_URL"]

from config.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # static files straight from their folders: nothing to collect
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
