"""The cast: Alice owns, Bob may, Charlie may not."""

import pytest
from django.core.cache import cache

from accounts.models import User


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_superuser("alice", password="a long enough word")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password="another long word")


@pytest.fixture(autouse=True)
def forget_wrong_passwords() -> None:
    cache.clear()
