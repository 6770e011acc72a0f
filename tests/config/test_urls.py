"""A stranger gets nothing: every URL of the project, walked, against explicit lists of who may see what.

A new URL fails here until somebody decides who it is for.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from accounts.models import User

# Anyone may come here. Allauth's own pages guard themselves and are tested by their project.
PUBLIC = {
    "health-live", "health-ready", "api:root", "api:schema", "api:docs",
    "accounts:age-gate", "accounts:responsible-gambling",
    "account_login", "account_logout", "account_signup", "account_inactive", "account_email_verification_sent",
    "account_confirm_email", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_confirm_login_code", "admin:login", "admin:logout",
    "steam_login", "steam_callback", "socialaccount_signup", "socialaccount_login_cancelled",
    "predictions:fixtures", "predictions:leagues", "predictions:league", "predictions:match",
    "predictions:team", "predictions:track-record", "predictions:prediction",
    "predictions:props", "predictions:props-record", "predictions:players", "predictions:player",
}  # fmt: skip
# Whoever has signed in may come here, and finds only their own things.
MEMBERS = {
    "accounts:settings", "accounts:withdraw-consent", "accounts:api-keys", "accounts:revoke-api-key", "api:me",
    "api:model-status", "api:model-status-with-slash", "api:model-leagues", "api:model-leagues-with-slash",
    "api:competitions", "api:competition", "api:teams", "api:team", "api:matches", "api:match",
    "api:replays", "api:replay", "api:replay-retry",
    "training:replays", "training:replay-retry", "training:replay-remove",
    "api:predictions", "api:prediction", "api:ledger", "api:unrouted", "api:models", "api:models-with-slash",
    *(
        f"api:props-{name}{slash}"
        for name in ("predict", "batch-predict", "context", "batch-context", "team-advanced")
        for slash in ("", "-with-slash")
    ),
    "api:coach-grants", "api:coach-grant", "api:coach-grant-accept", "api:platform-accounts", "api:platform-account",
    "api:ranks", "training:settings", "training:state-ranks", "training:link-account", "training:unlink-account",
    "training:connect-ballchasing", "training:disconnect-ballchasing", "training:sync-ballchasing",
    "training:ballchasing-progress", "training:offer-to-coach", "training:withdraw-from-coach", "training:players",
    "training:accept-player",
    "training:link-discord", "training:unlink-discord",
    "training:replay", "training:scenes", "training:dashboard", "training:analyse", "training:player",
    "training:sessions", "training:session-plan", "training:session-log", "training:session-complete",
    "training:session-skip", "training:session-remove", "training:packs", "training:practice-rate",
    "api:training-packs", "api:training-pack", "api:drills", "api:drill",
    "api:training-sessions", "api:training-session", "api:training-session-log",
    "api:training-session-complete", "api:training-session-skip",
    "api:practice-feedback", "api:practice-feedback-entry",
    *(
        f"api:{name}{slash}"
        for name in ("analyze-weaknesses", "recommend-training", "coach-model-status")
        for slash in ("", "-with-slash")
    ),
    # It says 401 of itself.
    "socialaccount_login_error", "socialaccount_connections",
    "account_change_password", "account_set_password", "account_email", "account_reauthenticate",
    "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_trust",
}  # fmt: skip
# Allauth's API for programs answers JSON about the caller's own session, 401 without one.
SELF_GUARDED = ("headless:",)

SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}
SAMPLES_BY_NAME = {"uidb36": "1", "key": "x-y", "format": "json"}
REFUSED = {401, 403, 405}


def walk(patterns: list[Any], path: str = "/", namespace: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = path + sample(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or here}", here


def sample(pattern: Any) -> str:
    """A path that the pattern matches."""
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?(\w+)>", lambda part: SAMPLES[part[1] or "str"], str(pattern))
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda part: SAMPLES_BY_NAME.get(part[1], "1"), str(pattern))
    return re.sub(r"[\^$?\\]|/\Z(?<!/)", "", route)


ALL = dict(walk(get_resolver().url_patterns))
CLOSED = {
    name: path for name, path in ALL.items() if name not in PUBLIC and not name.startswith((*SELF_GUARDED, "admin:"))
}
STAFF_ONLY = {name: path for name, path in CLOSED.items() if name not in MEMBERS}
ADMIN = {name: path for name, path in ALL.items() if name.startswith("admin:") and name not in PUBLIC}


def is_refused(answer: Any) -> bool:
    to_sign_in = answer.status_code == 302 and "/login/" in answer.headers["Location"]
    return to_sign_in or answer.status_code in REFUSED


def test_the_walk_finds_the_project() -> None:
    assert len(ALL) > 60
    assert ALL["accounts:revoke-api-key"] == "/accounts/api-keys/1/revoke/"


def test_every_url_that_is_ours_has_a_name() -> None:
    assert [name for name in ALL if name.startswith("/")] == []


@pytest.mark.parametrize("name", sorted({**CLOSED, **ADMIN}))
def test_a_stranger_gets_nothing(client: Client, db: None, own_cache: None, name: str) -> None:
    for answer in (client.get(ALL[name]), client.post(ALL[name])):
        assert is_refused(answer), f"{ALL[name]} answered {answer.status_code} to a stranger"


@pytest.mark.parametrize("name", sorted({**STAFF_ONLY, **ADMIN}))
def test_an_ordinary_person_gets_nothing_of_the_staffs(
    client: Client, charlie: User, own_cache: None, name: str
) -> None:
    client.force_login(charlie)
    for answer in (client.get(ALL[name]), client.post(ALL[name])):
        assert is_refused(answer), f"{ALL[name]} answered {answer.status_code} to an ordinary person"


@pytest.mark.parametrize("name", sorted(name for name in PUBLIC if name in ALL and "reset" not in name))
def test_a_public_page_never_breaks_for_a_stranger(client: Client, db: None, own_cache: None, name: str) -> None:
    assert client.get(ALL[name]).status_code in {200, 302, 404}
