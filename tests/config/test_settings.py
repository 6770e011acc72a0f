"""The settings as a whole, read again under other environments."""

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog
from celery import Celery
from django.core.exceptions import ImproperlyConfigured
from kombu.exceptions import OperationalError

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "k" * 50,
    "ARTIFACT_SIGNING_KEYS": "new-key,old-key",
    "ALLOWED_HOSTS": "touchline.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Touchline <touchline@example.org>",
    "CODE_VERSION": "test",
}
READ = {
    *PRODUCTION,
    "DATABASE_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "LOG_LEVEL",
    "HTTPS",
    "HSTS_SECONDS",
    "METRICS_TOKEN",
}

Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Load]:
    """Settings under exactly this environment."""
    before = structlog.get_config()

    def under(**environment: str) -> dict[str, Any]:
        for name in READ:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("environ.Env.read_env", lambda *args, **kwargs: None)
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    yield under
    structlog.configure(**before)


def test_debug_runs_with_nothing_set(load: Load, tmp_path: Path) -> None:
    settings = load(DEBUG="1")
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "touchline.sqlite3")
    assert settings["CELERY_BROKER_URL"] == "filesystem://"
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert settings["ACCOUNT_EMAIL_VERIFICATION"] == "optional"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ARTIFACT_SIGNING_KEYS", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_production_refuses_to_start_without(load: Load, missing: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=missing):
        load(**{name: value for name, value in PRODUCTION.items() if name != missing})


def test_no_debug_means_production(load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("CACHE_URL", "127.0.0.1"),
        ("CELERY_BROKER_URL", "sqs://"),
        ("EMAIL_URL", "mail.example.org"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("LOG_LEVEL", "LOUD"),
        ("HSTS_SECONDS", "a year"),
    ],
)
def test_a_wrong_value_names_its_variable(load: Load, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(**{**PRODUCTION, name: value})


def test_production_is_closed(load: Load) -> None:
    settings = load(**PRODUCTION)
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_HSTS_SECONDS"] == 31536000
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_USE_TLS"] is True
    assert settings["ARTIFACT_SIGNING_KEYS"] == ["new-key", "old-key"]
    assert settings["SECURE_PROXY_SSL_HEADER"] is None, "a header anyone can send is believed only when told so"


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("redis://127.0.0.1:6379/1", "config.caches.RedisCache"),
        ("rediss://127.0.0.1:6379/1", "config.caches.RedisCache"),
        ("locmemcache://", "django.core.cache.backends.locmem.LocMemCache"),
    ],
)
def test_redis_is_asked_our_way(load: Load, url: str, backend: str) -> None:
    assert load(**{**PRODUCTION, "CACHE_URL": url})["CACHES"]["default"]["BACKEND"] == backend


def test_the_content_security_policy_allows_nothing_inline(load: Load) -> None:
    policy = load(**PRODUCTION)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["default-src"] == ["'none'"]
    assert not any("unsafe" in source for sources in policy.values() for source in sources)


def test_redis_waits_longer_than_the_longest_task(load: Load) -> None:
    settings = load(**PRODUCTION, CELERY_BROKER_URL="redis://127.0.0.1:6379/0")
    visibility = settings["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]
    assert visibility > settings["LONGEST_TASK"].total_seconds() >= settings["CELERY_TASK_TIME_LIMIT"]


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"])
def test_a_broker_that_does_not_answer_keeps_nobody_waiting(load: Load, broker: str) -> None:
    settings = load(**PRODUCTION, CELERY_BROKER_URL=broker)
    app = Celery(broker=broker, broker_transport_options=settings["CELERY_BROKER_TRANSPORT_OPTIONS"])
    with (
        patch("kombu.utils.functional.sleep", side_effect=AssertionError("it waited")),
        pytest.raises(OperationalError),
    ):
        app.send_task("anything", retry=settings["CELERY_TASK_PUBLISH_RETRY"])


def test_postgresql_keeps_and_checks_its_connections(load: Load) -> None:
    database = load(**PRODUCTION, DATABASE_URL="postgres://t:p@db:5432/touchline")["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["CONN_HEALTH_CHECKS"]
    assert "OPTIONS" not in database


def test_news_is_read_by_nobody_unless_asked(load: Load) -> None:
    assert load(DEBUG="1")["TEXT_SIGNALS_PROVIDER"] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"TEXT_SIGNALS_PROVIDER": "llm"},
        {"TEXT_SIGNALS_PROVIDER": "oracle"},
        {"LLM_BASE_URL": "api.example.org/v1"},
        {"LLM_DAILY_TOKENS": "many"},
    ],
)
def test_a_language_model_half_configured_stops_the_start(load: Load, wrong: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match=next(iter(wrong))):
        load(DEBUG="1", **wrong)
