"""The cache may be away: then nothing is remembered, and nothing breaks. The truth is in the database."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)
QUIET_SECONDS = 10.0


def _patient(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer `answer` (for `get`: the caller's default) while the server is away, and do not ask it again for some seconds."""

    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def asked(self: PatientCache, *args: Any, **kwargs: Any) -> Any:
            fallback = kwargs.get("default", args[1] if len(args) > 1 else None) if answer == "default" else answer
            if time.monotonic() < self.quiet_until:
                return fallback
            try:
                return method(self, *args, **kwargs)
            except (redis.ConnectionError, redis.TimeoutError):
                self.quiet_until = time.monotonic() + QUIET_SECONDS
                log.warning("cache away")
                return fallback

        return asked

    return wrap


class PatientCache(RedisCache):
    """Django's Redis cache, which stays calm when the server is away."""

    quiet_until = 0.0

    get = _patient("default")(RedisCache.get)
    set = _patient(None)(RedisCache.set)
    add = _patient(True)(RedisCache.add)
    touch = _patient(False)(RedisCache.touch)
    delete = _patient(False)(RedisCache.delete)
    incr = _patient(1)(RedisCache.incr)
    has_key = _patient(False)(RedisCache.has_key)
    get_many = _patient({})(RedisCache.get_many)
    set_many = _patient([])(RedisCache.set_many)
    delete_many = _patient(None)(RedisCache.delete_many)
    clear = _patient(False)(RedisCache.clear)
