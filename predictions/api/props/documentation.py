"""What the schema says of player props: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from matches.models import Statistic
from predictions.api.props import serializers

TAGS = ["player props"]

_ASKED = {"player": "Nikola Jokic", "stat": "points", "line": 25.5, "odds": {"over": -110, "under": -110}}
_SUPPOSED = {
    "player": "Nikola Jokić",
    "stat": "rebounds",
    "line": 12,
    "opponent_data": {"opponent": "LAL", "home": True, "date": "2026-11-24"},
}
_ANSWER = {
    "player": "Nikola Jokić",
    "predicted_value": 26.412,
    "over_probability": 0.531204,
    "under_probability": 0.468796,
    "push_probability": 0.0,
    "recommendation": "OVER",
    "confidence": 0.531204,
    "expected_value": 0.0141,
    "model_version": "global-20261121-101502",
    "prediction_id": "0b4f3f0e-6a5f-4f6e-9b57-3f8c8a0d9a10",
    "player_id": 15,
    "team": "Denver Nuggets",
    "stat": "points",
    "line": 25.5,
    "game": {
        "match": 5120,
        "date": "2026-11-24",
        "tip_off": "2026-11-25T02:00:00Z",
        "home": True,
        "opponent": "Los Angeles Lakers",
        "supposed": "",
    },
    "recommendation_reason": "By this forecast over returns 1.014 of its stake at these odds.",
    "odds_hidden_reason": None,
    "market": {"line": 25.5, "over_probability": 0.512, "under_probability": 0.488, "books": 6},
    "availability": None,
    "answered_by": "global",
    "notes": [],
    "is_simulated": False,
}
UNKNOWN_PLAYER = error(
    "A player whom nobody knows; `detail` has names spelled nearly so.",
    "unknown_player",
    "No player is called 'Nikola Jokik'. Did you mean Nikola Jokić, Nikola Jović?",
    {"near": ["Nikola Jokić", "Nikola Jović"]},
)
AMBIGUOUS_PLAYER = error(
    "Several players are called so (`detail` has them); or the game has begun.",
    "ambiguous_player",
    "'Jalen Williams' can be Jalen Williams (Oklahoma City Thunder), Jaylin Williams (Oklahoma City Thunder): "
    "name the team, or one of them by the whole name.",
    {"candidates": [{"id": 15, "name": "Jalen Williams", "team": "Oklahoma City Thunder"}]},
)
_UNUSABLE = error(
    "A statistic, a line or odds that are none: `unknown_statistic`, `invalid_line`, `invalid_odds`.",
    "unknown_statistic",
    "There is no statistic 'pointz': choose one of points, rebounds, assists, threes, steals, blocks, pra.",
    {"known": ["points", "rebounds", "assists", "threes", "steals", "blocks", "pra"]},
)
_NOT_TRAINED = error(
    "No model of the statistic is in service.",
    "model_not_trained",
    "No model of player-props-steals is in service: train one and promote it.",
)
_ABOUT_LINES = (
    "Of the player's next game, unless `opponent_data` names another. What the answer says is read off one "
    "distribution of counts, which is in the ledger under `prediction_id` (`/api/predictions/{id}/`). The same "
    "question gets the same prediction for an hour, unless games, lines or another model came in; odds change the "
    "recommendation only. `recommendation` and `expected_value` are for those who confirmed that they are 18 or older."
)

PREDICT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "props_predict",
    "summary": "Predict a player's count",
    "description": _ABOUT_LINES,
    "request": serializers.PropQuestionSerializer,
    "responses": {
        200: serializers.PropAnswerSerializer,
        400: invalid("player", "This field is required."),
        **FOR_MEMBERS,
        404: UNKNOWN_PLAYER,
        409: AMBIGUOUS_PLAYER,
        422: _UNUSABLE,
        503: _NOT_TRAINED,
    },
    "examples": [
        example_request(_ASKED, "The next game"),
        example_request(_SUPPOSED, "A supposed game"),
        example(_ANSWER),
    ],
}
BATCH_PREDICT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "props_batch_predict",
    "summary": "Predict up to twenty counts",
    "description": f"{_ABOUT_LINES} An entry that can't be answered has `error` instead, with what alone it would have "
    "been answered; whatever is not come to within 30 seconds is `timed_out`.",
    "request": serializers.BatchQuestionSerializer,
    "responses": {
        200: serializers.BatchAnswerSerializer,
        400: invalid("items", "Send a list of one to twenty questions."),
        **FOR_MEMBERS,
        422: error("More than twenty.", "too_many", "21 questions are too many at once: send at most 20."),
    },
    "examples": [
        example_request({"items": [_ASKED, {"player": "Nikola Jokik", "stat": "points", "line": 25.5}]}),
        example(
            {
                "results": [
                    _ANSWER,
                    {
                        "player": "Nikola Jokik",
                        "stat": "points",
                        "line": 25.5,
                        "error": {
                            "code": "unknown_player",
                            "message": "No player is called 'Nikola Jokik'. Did you mean Nikola Jokić?",
                            "detail": {"near": ["Nikola Jokić"]},
                        },
                    },
                ],
                "succeeded": 1,
                "failed": 1,
            }
        ),
    ],
}

PLAYER_NAME = OpenApiParameter("player_name", OpenApiTypes.STR, required=True, description="A name, or a player's id.")
STAT_TYPE = OpenApiParameter("stat_type", OpenApiTypes.STR, required=True, enum=Statistic.values)
GAME_DATE = OpenApiParameter(
    "game_date",
    OpenApiTypes.DATE,
    description="Only what was known before this day is told. Left out: the day of the next game, or today.",
)
_RATINGS = {
    "season": "2023-24",
    "games": 56,
    "possessions": 100.912,
    "pace": 100.103,
    "offensive_rating": 115.204,
    "defensive_rating": 114.377,
    "offensive_rank": 15,
    "defensive_rank": 14,
    "net_rank": 15,
    "pace_rank": 5,
    "net_rating": 0.827,
}
_ROLLING = {
    "last_3": 30.3333,
    "last_5": 27.8,
    "last_10": 26.1,
    "last_20": 26.35,
    "ema": 28.0442,
    "weighted_10": 27.0182,
    "standard_deviation_10": 6.3004,
    "least_10": 14.0,
    "most_10": 36.0,
    "median_10": 26.0,
    "slope_10": 0.4182,
    "momentum": 3.9833,
}
_CONTEXT = {
    "player": {"id": 15, "name": "Nikola Jokić", "position": "C", "team": "Denver Nuggets"},
    "stat_type": "points",
    "game_date": "2024-02-08",
    "game": {"match": 5120, "tip_off": "2024-02-09T03:00:00Z", "home": False, "season": "2023-24"},
    "games_known": 262,
    "recent_games": [
        {
            "match": 5101,
            "date": "2024-02-04",
            "opponent": "Portland Trail Blazers",
            "home": True,
            "minutes": 31.0,
            "value": 29,
        }
    ],
    "season_average": {"season": "2023-24", "games": 49, "mean": 26.3265, "minutes": 33.9},
    "previous_season_average": {"season": "2022-23", "games": 89, "mean": 26.1, "minutes": 35.0},
    "rolling_averages": _ROLLING,
    "rolling_minutes": {**_ROLLING, "last_3": 34.1},
    "contextual_factors": {
        "is_home": False,
        "is_playoff": False,
        "rest_days": 4.0,
        "own_rest_days": 4.0,
        "is_back_to_back": False,
        "rest_advantage": 1.0,
        "games_in_7_days": 2.0,
        "travel_km": 1343.2,
        "time_zones": -1.0,
        "altitude_m": 89.0,
        "missed_in_a_row": 0.0,
        "vacated_minutes": 0.0,
    },
    "opponent_info": {
        "team": "Los Angeles Lakers",
        "abbreviation": "LAL",
        "ratings": _RATINGS,
        "allows": 115.9,
        "recent_defensive_rank": 17.0,
        "against": {"games": 12, "mean": 25.9},
    },
    "advanced_metrics": {
        "season": "2023-24",
        "games": 49,
        "true_shooting": 0.6513,
        "effective_field_goals": 0.6177,
        "usage": 0.2901,
        "assist_share": 0.4312,
        "assist_ratio": 27.4,
        "turnover_ratio": 8.9,
        "rebound_share": 0.2013,
        "box_pie": 0.1811,
        "game_score": 25.12,
        "offensive_rating": 128.4,
        "defensive_rating": 110.9,
    },
    "notes": [],
    "is_simulated": False,
    "availability": None,
}
_TOLD_OF = (
    "Form, season, circumstances, opponent and advanced metrics, from games before `game_date` only. Kept for six "
    "hours, unless games came in; availability is always the latest reported before the game."
)

CONTEXT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "player_context",
    "summary": "Show what was known of a player",
    "description": _TOLD_OF,
    "parameters": [PLAYER_NAME, STAT_TYPE, GAME_DATE],
    "responses": {
        200: serializers.ContextSerializer,
        400: invalid("player_name", "This field is required."),
        **FOR_MEMBERS,
        404: UNKNOWN_PLAYER,
        409: AMBIGUOUS_PLAYER,
        422: _UNUSABLE,
    },
    "examples": [example(_CONTEXT)],
}
BATCH_CONTEXT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "batch_player_context",
    "summary": "Show what was known of up to fifty players",
    "description": f"{_TOLD_OF} A player whom nobody knows, or who could be several, has `error` instead.",
    "request": serializers.BatchContextQuestionSerializer,
    "responses": {
        200: serializers.BatchContextSerializer,
        400: invalid("players", "This field is required."),
        **FOR_MEMBERS,
        422: error("More than fifty.", "too_many", "51 players are too many at once: send at most 50."),
    },
    "examples": [
        example_request(
            {"players": ["Nikola Jokic", "LeBron James"], "stat_type": "points", "game_date": "2024-02-08"}
        ),
        example({"results": [_CONTEXT], "succeeded": 1, "failed": 0}),
    ],
}
TEAM_ADVANCED: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "team_advanced",
    "summary": "Show pace and ratings of teams",
    "description": "From box scores of one season before a day: the season of the day, or, before its first game, the "
    "one before. All teams by net rank, or one.",
    "parameters": [
        OpenApiParameter("team", OpenApiTypes.STR, description="Code, name or alias; left out, all teams."),
        OpenApiParameter("date", OpenApiTypes.DATE, description="Only games before it count. Left out: today."),
        OpenApiParameter("competition", OpenApiTypes.STR, description="Its code; left out, the team's, or `NBA`."),
    ],
    "responses": {
        200: serializers.TeamsAdvancedSerializer,
        400: invalid("date", "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        **FOR_MEMBERS,
        404: error(
            "A team that nobody knows, or without a game before the day.",
            "unknown_subject",
            "No team is called 'XYZ': use its abbreviation.",
        ),
    },
    "examples": [
        example(
            {
                "before": "2024-02-08",
                "competition": "NBA",
                "teams": [{"team": "Los Angeles Lakers", "abbreviation": "LAL", **_RATINGS}],
            }
        )
    ],
}
