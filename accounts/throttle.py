"""A brake on guessing passwords: so many wrong ones for a name from an address, then a pause."""

import hashlib

from django.core.cache import cache

ATTEMPTS = 10
PAUSE = 15 * 60  # seconds from the first wrong password


def _key(name: str, address: str) -> str:
    return "sign-in:" + hashlib.sha256(f"{name.casefold()}\n{address}".encode()).hexdigest()


def blocked(name: str, address: str) -> bool:
    return int(cache.get(_key(name, address), 0)) >= ATTEMPTS


def failed(name: str, address: str) -> None:
    key = _key(name, address)
    if not cache.add(key, 1, PAUSE):
        cache.incr(key)


def forget(name: str, address: str) -> None:
    cache.delete(_key(name, address))
