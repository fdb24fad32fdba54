"""The administrator."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import signed_in


@pytest.fixture
def root(db: None) -> User:
    """An administrator who owns nothing."""
    return User.objects.create_superuser("root", password="root's long password")


@pytest.fixture
def as_root(root: User) -> Client:
    return signed_in(root)
