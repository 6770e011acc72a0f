"""What the schema says of competitions, teams and the list of matches: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_MEMBERS, error, example, invalid
from matches.api import serializers

TAGS = ["matches"]
NOT_FOUND = error("There is none of this name.", "not_found", "There is nothing here.")

_COMPETITION = {
    "code": "E0",
    "name": "Premier League",
    "country": "England",
    "sport": "football",
    "is_simulated": False,
}
_SEASON = {"code": "2324", "name": "2023/24", "starts_on": "2023-07-01", "ends_on": "2024-06-30", "matches": 380}
_TEAM = {
    "slug": "england-arsenal",
    "name": "Arsenal",
    "country": "England",
    "sport": "football",
    "is_simulated": False,
}
MATCH_EXAMPLE = {
    "id": 1204,
    "competition": "E0",
    "is_simulated": False,
    "season": "2324",
    "home": {"slug": "england-arsenal", "name": "Arsenal"},
    "away": {"slug": "england-chelsea", "name": "Chelsea"},
    "date": "2024-04-23",
    "kickoff": "2024-04-23T19:00:00Z",
    "kickoff_is_exact": True,
    "status": "finished",
    "home_goals": 5,
    "away_goals": 0,
}

COMPETITIONS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "competitions",
    "summary": "List competitions",
    "responses": {
        200: serializers.CompetitionSerializer(many=True),
        400: invalid("is_simulated", "Write true or false."),
        **FOR_MEMBERS,
    },
    "examples": [example(_COMPETITION)],
}
COMPETITION: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "competition",
    "summary": "Show a competition",
    "responses": {200: serializers.CompetitionDetailSerializer, **FOR_MEMBERS, 404: NOT_FOUND},
    "examples": [example({**_COMPETITION, "seasons": [_SEASON]})],
}
TEAMS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "teams",
    "summary": "List and search teams",
    "responses": {
        200: serializers.TeamSerializer(many=True),
        400: invalid("sport", "Select a valid choice. chess is not one of the available choices."),
        **FOR_MEMBERS,
    },
    "examples": [example(_TEAM)],
}
TEAM: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "team",
    "summary": "Show a team",
    "responses": {200: serializers.TeamDetailSerializer, **FOR_MEMBERS, 404: NOT_FOUND},
    "examples": [example({**_TEAM, "aliases": ["Arsenal FC", "The Gunners"]})],
}
MATCHES: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "matches",
    "summary": "List matches",
    "responses": {
        200: serializers.MatchSerializer(many=True),
        400: invalid("date_from", "The first day is after the last: swap the two."),
        **FOR_MEMBERS,
    },
    "examples": [example(MATCH_EXAMPLE)],
}
