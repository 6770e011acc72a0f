"""What the schema says of `/api/backtests/`: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from accounts.api.documentation import FOR_STAFF, error, example, example_request, invalid
from predictions.api.backtests import serializers

TAGS = ["backtests"]
NOT_FOUND = error("No such backtest.", "not_found", "There is nothing here.")
FOR_ADULT_STAFF = {
    **FOR_STAFF,
    403: error(
        "Only staff who confirmed that they are 18 or older may do this.",
        "permission_denied",
        "Only shown to people who confirmed that they are 18 or older: sign in and open /accounts/age-gate/.",
    ),
}

_ID = "8d5a5f8e-3f2e-4c39-9d57-0f9b1f9d3c55"
_SELECTION = {"competitions": ["E0"], "seasons": ["2223", "2324"], "date_from": None, "date_to": None, "subjects": []}
_REQUEST = {
    "problem": "football-outcome",
    "algorithm": "dixon-coles",
    "competitions": ["E0"],
    "seasons": ["2223", "2324"],
    "strategies": ["value", "kelly-quarter"],
    "refit_days": 7,
    "bankroll": "1000.00",
}
_QUEUED = {
    "id": _ID,
    "problem": "football-outcome",
    "algorithm": "dixon-coles",
    "version": "",
    "hyper_parameters": {},
    "selection": _SELECTION,
    "strategies": ["value", "kelly-quarter"],
    "refit_days": 7,
    "bankroll": "1000.00",
    "book": "",
    "seed": 0,
    "rows": 760,
    "status": "queued",
    "progress": 0,
    "phase": "",
    "message": "Waiting for a worker",
    "error": "",
    "created_at": "2024-06-01T10:14:20Z",
    "started_at": None,
    "completed_at": None,
}
_CANCELLED = {**_QUEUED, "status": "cancelled", "message": "Cancelled", "completed_at": "2024-06-01T10:14:31Z"}
_STRATEGY = {
    "strategy": "value",
    "title": "Value, flat stakes",
    "bets": 1120,
    "turnover": "11200.00",
    "profit": "-310.50",
    "final_bankroll": "689.50",
    "roi": {"value": -0.3105, "low": -1.0, "high": 0.52, "n": 1120, "blocks": 71},
    "yield": {"value": -0.0277, "low": -0.103, "high": 0.047, "n": 1120, "blocks": 71},
    "random": {"value": -0.031, "low": -0.072, "high": 0.011, "n": 1120, "blocks": 71},
    "favourite": {"value": -0.022, "low": -0.071, "high": 0.026, "n": 1120, "blocks": 71},
    "win_rate": {"value": 0.262, "low": 0.239, "high": 0.285, "n": 1120, "blocks": 71},
    "closing_line_value": {"value": -0.004, "low": -0.011, "high": 0.004, "n": 1120, "blocks": 71},
    "maximum_drawdown": 0.48,
    "sharpe": -0.02,
    "longest_losing_run": 19,
    "verdict": "A loss of 31.1 % of the bankroll is noise: its 95 % interval −100.0 % to 52.0 % covers zero.",
    "closing_line": "The prices taken were neither better nor worse than the closing line, as far as one can tell.",
    "warnings": [],
}
_DONE = {
    **_QUEUED,
    "status": "completed",
    "progress": 100,
    "phase": "saving",
    "message": "Done",
    "started_at": "2024-06-01T10:14:21Z",
    "completed_at": "2024-06-01T10:14:52Z",
    "bets_count": 2240,
    "result": {"events": 760, "priced": 760, "is_simulated": False, "hindsight": "", "strategies": [_STRATEGY]},
}
_CSV = (
    "strategy,time,subject,bet,price,book,stake,probability,expected_value,outcome,profit,closing_price,"
    "closing_line_value\r\nvalue,2022-08-05T19:00:00+00:00,Crystal Palace – Arsenal,home,4.6,B365,10.00,0.241,0.109,"
    "away,-10.00,4.7,-0.05\r\n"
)

LIST: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "backtests",
    "summary": "List backtests",
    "responses": {
        200: serializers.BacktestSerializer(many=True),
        400: invalid("status", "Select a valid choice. lost is not one of the available choices."),
        **FOR_ADULT_STAFF,
    },
    "examples": [example(_QUEUED)],
}
ASK: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "backtest_ask",
    "summary": "Ask for a backtest",
    "request": serializers.AskSerializer,
    "responses": {
        200: OpenApiResponse(
            serializers.BacktestDetailSerializer, "The same was asked before, and is in flight or still holds."
        ),
        202: serializers.BacktestDetailSerializer,
        400: invalid("luck", "There is no such field: there are problem, algorithm, …."),
        **FOR_ADULT_STAFF,
        409: error("No such version.", "invalid_state", "There is no version 'v1' of football outcome."),
        422: error(
            "It can't be carried out, or makes no sense.",
            "invalid_backtest",
            "There is no strategy 'martingale': known are value, value-5, confidence, underdog, kelly, ….",
        ),
    },
    "examples": [
        example_request(_REQUEST),
        OpenApiExample("Asked before", _DONE, response_only=True, status_codes=["200"]),
        OpenApiExample(
            "Queued", {**_QUEUED, "bets_count": 0, "result": None}, response_only=True, status_codes=["202"]
        ),
    ],
}
DETAIL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "backtest",
    "summary": "Follow a backtest, and read what came of it",
    "responses": {200: serializers.BacktestDetailSerializer, **FOR_ADULT_STAFF, 404: NOT_FOUND},
    "examples": [example(_DONE, "Completed")],
}
CANCEL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "backtest_cancel",
    "summary": "Cancel a backtest",
    "request": None,
    "responses": {
        200: serializers.BacktestSerializer,
        **FOR_ADULT_STAFF,
        404: NOT_FOUND,
        409: error("It has ended.", "invalid_state", "The backtest has completed already: there is nothing to cancel."),
    },
    "examples": [example(_CANCELLED)],
}
BETS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "backtest_bets",
    "summary": "Download every bet as CSV",
    "responses": {
        (200, "text/csv"): OpenApiTypes.STR,
        **FOR_ADULT_STAFF,
        404: NOT_FOUND,
        500: error(
            "The file of bets can't be trusted or read.",
            "artifact_error",
            "The file of these bets (8d5a5f8e….parquet) is missing or was changed: run it again.",
        ),
    },
    "examples": [OpenApiExample("Bets", _CSV, response_only=True, media_type="text/csv", status_codes=["200"])],
}
