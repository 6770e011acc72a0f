"""What the schema says of `/api/ranks/`."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_MEMBERS, example, example_request, invalid
from training.api.ranks.serializers import RanksSerializer

_RANKS = {"ranked-duels": None, "ranked-doubles": "diamond", "ranked-standard": "champion"}

RANKS: dict[str, Any] = {
    "tags": ["coaching"],
    "operation_id": "ranks",
    "summary": "The ranks that you stated",
    "description": "Replays don't tell ranks. Where you state none, what ballchasing.com saw last is used.",
    "responses": {200: RanksSerializer, **FOR_MEMBERS},
    "examples": [example(_RANKS)],
}
STATE: dict[str, Any] = {
    "tags": ["coaching"],
    "operation_id": "ranks_state",
    "summary": "State your rank",
    "description": "Only the playlists that you send change; null takes a rank back.",
    "request": RanksSerializer,
    "responses": {200: RanksSerializer, 400: invalid("ranked-duels", '"wood" is not a valid choice.'), **FOR_MEMBERS},
    "examples": [example_request({"ranked-standard": "champion"}), example(_RANKS)],
}
