"""The cache in Redis, as Django has it, but cheaper to ask: a request of the API asks it several times."""

from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangosRedisCache
from django.core.cache.backends.redis import RedisCacheClient as DjangosRedisCacheClient


class RedisCacheClient(DjangosRedisCacheClient):
    """Keeps the clients that Django makes anew for every question, which was half of a question's cost.

    They hold no connection of their own, so threads may share them.
    """

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._has_choice = len(servers) > 2
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        # Of several servers one is written to; of the others Django takes another for each question.
        if self._has_choice:
            return super().get_client(key, write=write)
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class RedisCache(DjangosRedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = RedisCacheClient
