"""What the schema says of player props: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from matches.models import Statistic
from predictions.api.props import serializers

TAGS = ["player props"]

_ASKED = {"player": "Nikola Jokic", "stat": "points", "line": 24.5, "odds": {"over": -110, "under": -110}}
_SUPPOSED = {
    "player": "Nikola Jokić",
    "stat": "rebounds",
    "line": 12,
    "opponent_data": {"opponent": "LAL", "home": True, "date": "2026-11-24"},
}
_ANSWER = {
    "player": "Nikola Jokić",
    "predicted_value": 26.143,
    "over_probability": 0.560467,
    "under_probability": 0.439533,
    "push_probability": 0.0,
    "recommendation": "PASS",
    "confidence": 0.560467,
    "expected_value": -0.0224,
    "model_version": "global-20261121-154127",
    "prediction_id": "601beccd-fb26-483f-a327-0d59ab4aa4b2",
    "player_id": 270,
    "team": "Denver Nuggets",
    "stat": "points",
    "line": 24.5,
    "game": {
        "match": 4771,
        "date": "2026-11-24",
        "tip_off": "2026-11-25T00:30:00Z",
        "home": True,
        "opponent": "Los Angeles Lakers",
        "supposed": "",
    },
    "recommendation_reason": "After the pull to the market a unit is worth -2.2%: a bet asks for 2%.",
    "odds_hidden_reason": None,
    "market": None,
    "availability": None,
    "answered_by": "global",
    "notes": ["No bookmaker's line is known: this line was asked for, or is the player's usual one."],
    "is_simulated": False,
}
UNKNOWN_PLAYER = error(
    "A player whom nobody knows; `detail` has names spelled nearly so.",
    "unknown_player",
    "No player is called 'Nikola Jokik'. Did you mean Nikola Jokić, Nikola Jović, Nikola Vučević?",
    {"near": ["Nikola Jokić", "Nikola Jović", "Nikola Vučević"]},
)
AMBIGUOUS_PLAYER = error(
    "Several players are called so (`detail` has them); or the game has begun.",
    "ambiguous_player",
    "'J. Green' can be Jalen Green (Houston Rockets), Jeff Green (Houston Rockets): name the team, or one of them by "
    "the whole name.",
    {
        "candidates": [
            {"id": 211, "name": "Jalen Green", "team": "Houston Rockets"},
            {"id": 84, "name": "Jeff Green", "team": "Houston Rockets"},
        ]
    },
)
_UNUSABLE = error(
    "A statistic, a line or odds that are none, or a day more than a year ahead: `unknown_statistic`, `invalid_line`, "
    "`invalid_odds`, `invalid_day`.",
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
        example_request({"items": [_ASKED, {"player": "Nikola Jokik", "stat": "points", "line": 24.5}]}),
        example(
            {
                "results": [
                    _ANSWER,
                    {
                        "player": "Nikola Jokik",
                        "stat": "points",
                        "line": 24.5,
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
    "games": 52,
    "possessions": 101.168,
    "pace": 100.404,
    "offensive_rating": 114.888,
    "defensive_rating": 115.763,
    "offensive_rank": 21,
    "defensive_rank": 14,
    "net_rank": 19,
    "pace_rank": 6,
    "net_rating": -0.874,
}
_CONTEXT = {
    "player": {"id": 29, "name": "LeBron James", "position": "", "team": "Los Angeles Lakers"},
    "stat_type": "points",
    "game_date": "2024-02-08",
    "game": {"match": 4308, "tip_off": "2024-02-09T00:00:00Z", "home": True, "season": "2023-24"},
    "games_known": 202,
    "recent_games": [
        {
            "match": 4281,
            "date": "2024-02-05",
            "opponent": "Charlotte Hornets",
            "home": False,
            "minutes": 40.0,
            "value": 26,
        }
    ],
    "season_average": {"season": "2023-24", "games": 46, "mean": 24.8913, "minutes": 34.9783},
    "previous_season_average": {"season": "2022-23", "games": 55, "mean": 28.9091, "minutes": 35.5273},
    "rolling_averages": {
        "last_3": 23.3333,
        "last_5": 25.8,
        "last_10": 25.6,
        "last_20": 24.5,
        "ema": 24.8812,
        "weighted_10": 25.4,
        "standard_deviation_10": 3.9799,
        "least_10": 20.0,
        "most_10": 36.0,
        "median_10": 25.0,
        "slope_10": -0.1333,
        "momentum": -1.1667,
    },
    "rolling_minutes": {
        "last_3": 38.6667,
        "last_5": 40.2,
        "last_10": 37.4,
        "last_20": 36.15,
        "ema": 38.6771,
        "weighted_10": 38.2909,
        "standard_deviation_10": 4.5211,
        "least_10": 31.0,
        "most_10": 48.0,
        "median_10": 36.5,
        "slope_10": 0.5939,
        "momentum": 2.5167,
    },
    "contextual_factors": {
        "is_home": True,
        "is_playoff": False,
        "rest_days": 3.0,
        "own_rest_days": 3.0,
        "is_back_to_back": False,
        "rest_advantage": -1.0,
        "games_in_7_days": 3.0,
        "travel_km": 3406.5044,
        "time_zones": -3.0,
        "altitude_m": 87.0,
        "missed_in_a_row": 0.0,
        "vacated_minutes": 97.9595,
    },
    "opponent_info": {
        "team": "Denver Nuggets",
        "abbreviation": "DEN",
        "ratings": {
            "season": "2023-24",
            "games": 51,
            "possessions": 95.732,
            "pace": 95.67,
            "offensive_rating": 119.901,
            "defensive_rating": 115.518,
            "offensive_rank": 7,
            "defensive_rank": 12,
            "net_rank": 9,
            "pace_rank": 29,
            "net_rating": 4.383,
        },
        "allows": 110.1456,
        "recent_defensive_rank": 13.0,
        "against": {"games": 7, "mean": 24.2857},
    },
    "advanced_metrics": {
        "season": "2023-24",
        "games": 46,
        "true_shooting": 0.6088,
        "effective_field_goals": 0.5796,
        "usage": 0.2939,
        "assist_share": 0.3525,
        "assist_ratio": 24.3358,
        "turnover_ratio": 10.4692,
        "rebound_share": 0.1162,
        "box_pie": 0.1193,
        "game_score": 21.2826,
        "offensive_rating": 116.3498,
        "defensive_rating": 114.7424,
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
