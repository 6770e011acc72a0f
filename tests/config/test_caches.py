"""Redis is asked by one client, which holds no connection."""

from config.caches import RedisCache


def test_a_client_is_made_once() -> None:
    cache = RedisCache("redis://127.0.0.1:1/0", {})
    for write in (True, False):
        client = cache._cache.get_client("a", write=write)
        assert cache._cache.get_client("b", write=write) is client
        assert client.connection is None


def test_one_server_is_written_to_and_the_others_are_read() -> None:
    cache = RedisCache("redis://127.0.0.1:1/0,redis://127.0.0.1:2/0", {})
    ports = [
        cache._cache.get_client("a", write=write).connection_pool.connection_kwargs["port"] for write in (True, False)
    ]
    assert ports == [1, 2]
