"""What the schema says of `/api/coach-grants/` and `/api/platform-accounts/`: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from accounts.api.linking import serializers

TAGS = ["coaching"]
NOT_FOUND = error("No such row, or not yours.", "not_found", "There is nothing here.")

_GRANT = {
    "id": 3,
    "role": "player",
    "status": "offered",
    "player": "Alice",
    "player_email": "alice@example.org",
    "coach_email": "bob@example.org",
    "coach": None,
    "granted_at": "2026-03-10T18:00:00Z",
    "accepted_at": None,
    "withdrawn_at": None,
}
_ACCEPTED = {
    **_GRANT,
    "role": "coach",
    "status": "accepted",
    "coach": "Bob",
    "accepted_at": "2026-03-10T19:00:00Z",
}
_WITHDRAWN = {**_GRANT, "status": "withdrawn", "withdrawn_at": "2026-03-12T08:00:00Z"}
_ACCOUNT = {
    "id": 5,
    "platform": "steam",
    "platform_id": "76561198000000001",
    "name": "alice",
    "is_verified": False,
    "linked_at": "2026-03-10T18:00:00Z",
}

GRANTS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "coach_grants",
    "summary": "Who coaches you, whom you coach, and what is offered to you",
    "description": "Grants and offers that were not withdrawn, the newest first.",
    "responses": {
        200: serializers.CoachGrantSerializer(many=True),
        400: invalid("page_size", "Write a whole number."),
        **FOR_MEMBERS,
    },
    "examples": [example(_GRANT)],
}
OFFER: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "coach_grants_offer",
    "summary": "Let somebody coach you",
    "description": "Whoever signs in with that address, verified, may accept it. The answer is the same whether or not "
    "anybody here has the address; a message goes there. Offering again changes nothing.",
    "request": serializers.OfferSerializer,
    "responses": {
        201: serializers.CoachGrantSerializer,
        400: invalid("coach_email", "Enter a valid email address."),
        422: error(
            "Your own address, or too many offers in a day.",
            "invalid_coach_grant",
            "That is your own address: you see your own play anyway.",
        ),
        **FOR_MEMBERS,
    },
    "examples": [example_request({"coach_email": "bob@example.org"}), example(_GRANT)],
}
ACCEPT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "coach_grants_accept",
    "summary": "Begin to coach a player",
    "description": "From now on you see their replays, analyses and training, until one of you withdraws.",
    "request": None,
    "responses": {200: serializers.CoachGrantSerializer, 404: NOT_FOUND, **FOR_MEMBERS},
    "examples": [example(_ACCEPTED)],
}
WITHDRAW: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "coach_grants_withdraw",
    "summary": "End a grant, or an offer",
    "description": "As its player, as its coach, or as whom it was offered to. The row stays, with the time.",
    "responses": {200: serializers.CoachGrantSerializer, 404: NOT_FOUND, **FOR_MEMBERS},
    "examples": [example(_WITHDRAWN)],
}
ACCOUNTS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "platform_accounts",
    "summary": "Who you are on gaming platforms",
    "description": "By these your own row in a replay is found.",
    "responses": {
        200: serializers.PlatformAccountSerializer(many=True),
        400: invalid("page_size", "Write a whole number from 1 to 200."),
        **FOR_MEMBERS,
    },
    "examples": [example(_ACCOUNT)],
}
STATE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "platform_accounts_state",
    "summary": "Say that an account is yours",
    "description": "Stating it again changes nothing. Only signing in with Steam, on the settings page, verifies one.",
    "request": serializers.StatedAccountSerializer,
    "responses": {
        201: serializers.PlatformAccountSerializer,
        400: invalid("platform", '"atari" is not a valid choice.'),
        422: error(
            "An id that nobody can have there, or one account too many.",
            "invalid_platform_account",
            "A Steam id has 17 digits and begins with 7656119; the profile's address does too.",
        ),
        **FOR_MEMBERS,
    },
    "examples": [example_request({"platform": "steam", "platform_id": "76561198000000001"}), example(_ACCOUNT)],
}
REMOVE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "platform_accounts_remove",
    "summary": "Say that an account is not yours",
    "description": "Answers what was removed. One that you signed in with is disconnected on the settings page.",
    "responses": {
        200: serializers.PlatformAccountSerializer,
        404: NOT_FOUND,
        422: error(
            "A verified account.",
            "invalid_platform_account",
            "You signed in with Steam: alice: disconnect it instead.",
        ),
        **FOR_MEMBERS,
    },
    "examples": [example(_ACCOUNT)],
}
