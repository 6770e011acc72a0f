"""What the schema says of `/api/alerts/`: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_STAFF, error, example, example_request, invalid
from predictions.api.alerts import serializers

TAGS = ["alerts"]
NOT_FOUND = error("No such row.", "not_found", "There is nothing here.")

_ALERT = {
    "id": 12,
    "kind": "decay",
    "key": "dixon-coles-20240601-101502",
    "severity": "warning",
    "status": "open",
    "problem": "football-outcome",
    "title": "dixon-coles-20240601-101502 has got worse",
    "message": "Its log loss is 9 % above that of its test (interval 6 to 12 %), over 640 matches.",
    "count": 3,
    "first_at": "2024-11-07T05:10:00Z",
    "last_at": "2024-11-09T05:10:00Z",
    "acknowledged_by": None,
    "acknowledged_at": None,
    "comment": "",
    "resolved_by": None,
    "resolved_at": None,
}
_DETAIL = {**_ALERT, "evidence": {"n": 640, "relative": 0.09, "interval": [0.06, 0.12]}}
_KNOWN = {
    **_DETAIL,
    "status": "acknowledged",
    "acknowledged_by": "staff",
    "acknowledged_at": "2024-11-09T08:30:00Z",
    "comment": "Retrained tonight.",
}
_RULE = {
    "id": 2,
    "name": "Calibration error above 0.20",
    "description": "Probabilities are far from how often things happen.",
    "problem": "",
    "metric": "ece",
    "comparison": "above",
    "threshold": 0.2,
    "days": 1,
    "minimum_events": 100,
    "severity": "warning",
    "enabled": True,
}
_ASKED_RULE = {name: value for name, value in _RULE.items() if name != "id"}
_CHANNEL = {
    "id": 4,
    "name": "Pager",
    "kind": "webhook",
    "url": "https://hooks.example.org/touchline",
    "email": "",
    "minimum_severity": "warning",
    "kinds": ["decay", "artifact"],
    "enabled": True,
    "note": "",
    "previous_secret_until": None,
    "created_at": "2024-11-01T09:00:00Z",
}
_ASKED_CHANNEL = {
    "name": "Pager",
    "kind": "webhook",
    "url": "https://hooks.example.org/touchline",
    "minimum_severity": "warning",
    "kinds": ["decay", "artifact"],
}
_SECRET = "tlwh_mU8…"  # noqa: S105 - an example
_DELIVERY = {
    "id": "0b4f3f0e-6a5f-4f6e-9b57-3f8c8a0d9a10",
    "channel": "Pager",
    "alert": 12,
    "alert_kind": "decay",
    "severity": "warning",
    "gathered": 1,
    "subject": "[Warning] dixon-coles-20240601-101502 has got worse",
    "status": "dead",
    "attempts": 6,
    "next_attempt_at": "2024-11-09T07:12:00Z",
    "response_status": 500,
    "error": "It answered 500.",
    "created_at": "2024-11-09T05:10:00Z",
    "finished_at": "2024-11-09T07:12:00Z",
}
_DELIVERY_DETAIL = {**_DELIVERY, "body": '{"alerts":[…],"type":"alert"}', "response_start": "the disk is full"}
_QUEUED = {
    **_DELIVERY_DETAIL,
    "status": "queued",
    "attempts": 0,
    "response_status": None,
    "error": "",
    "finished_at": None,
}
_WRONG_URL = invalid("url", "10.0.0.1 is an address of a private network: a webhook must lead outside.")
_NOT_OPEN = error(
    "It is not open.",
    "invalid_alert_state",
    "“Champion has got worse” is not open any more: somebody acknowledged or resolved it.",
)


def _described(operation: str, summary: str, responses: dict[int, Any], *examples: Any) -> dict[str, Any]:
    return {
        "tags": TAGS,
        "operation_id": operation,
        "summary": summary,
        "responses": {**responses, **FOR_STAFF},
        "examples": list(examples),
    }


_WRONG_CHOICE = invalid("status", "Select a valid choice. loud is not one of the available choices.")
LIST = _described(
    "alerts", "List alerts", {200: serializers.AlertSerializer(many=True), 400: _WRONG_CHOICE}, example(_ALERT)
)
DETAIL = _described(
    "alert", "Show an alert", {200: serializers.AlertDetailSerializer, 404: NOT_FOUND}, example(_DETAIL)
)
ACKNOWLEDGE = _described(
    "alert_acknowledge",
    "Acknowledge an alert",
    {
        200: serializers.AlertDetailSerializer,
        400: invalid("comment", "Ensure this field has no more than 500 characters."),
        404: NOT_FOUND,
        409: _NOT_OPEN,
    },
    example_request({"comment": "Retrained tonight."}),
    example(_KNOWN),
) | {"request": serializers.AcknowledgementSerializer}
RESOLVE = _described(
    "alert_resolve",
    "Resolve an alert",
    {
        200: serializers.AlertDetailSerializer,
        404: NOT_FOUND,
        409: error("It is resolved.", "invalid_alert_state", "“Champion has got worse” is resolved already."),
    },
    example({**_KNOWN, "status": "resolved", "resolved_by": "staff", "resolved_at": "2024-11-10T08:30:00Z"}),
) | {"request": None}

RULES = _described(
    "alert_rules",
    "List rules",
    {200: serializers.RuleSerializer(many=True), 400: invalid("page_size", "Write a whole number from 1 to 200.")},
    example(_RULE),
)
ADD_RULE = _described(
    "alert_rule_add",
    "Add a rule",
    {
        201: serializers.RuleSerializer,
        400: invalid("days", "Ensure this value is greater than or equal to 1."),
    },
    example_request(_ASKED_RULE),
    example(_RULE),
)
RULE = _described("alert_rule", "Show a rule", {200: serializers.RuleSerializer, 404: NOT_FOUND}, example(_RULE))
CHANGE_RULE = _described(
    "alert_rule_change",
    "Change a rule",
    {
        200: serializers.RuleSerializer,
        400: invalid("threshold", "A valid number is required."),
        404: NOT_FOUND,
    },
    example_request({"enabled": False}),
    example({**_RULE, "enabled": False}),
)
DELETE_RULE = _described(
    "alert_rule_delete", "Delete a rule", {200: serializers.RuleSerializer, 404: NOT_FOUND}, example(_RULE)
)

CHANNELS = _described(
    "alert_channels",
    "List channels",
    {200: serializers.ChannelSerializer(many=True), 400: invalid("page_size", "Write a whole number from 1 to 200.")},
    example(_CHANNEL),
)
ADD_CHANNEL = _described(
    "alert_channel_add",
    "Add a channel",
    {201: serializers.NewChannelSerializer, 400: _WRONG_URL},
    example_request(_ASKED_CHANNEL, "A webhook"),
    example_request({"name": "On duty", "kind": "email", "email": "duty@example.org"}, "An e-mail address"),
    example({**_CHANNEL, "secret": _SECRET}),
)
CHANNEL = _described(
    "alert_channel", "Show a channel", {200: serializers.ChannelSerializer, 404: NOT_FOUND}, example(_CHANNEL)
)
CHANGE_CHANNEL = _described(
    "alert_channel_change",
    "Change a channel",
    {200: serializers.ChannelSerializer, 400: _WRONG_URL, 404: NOT_FOUND},
    example_request({"enabled": False}),
    example({**_CHANNEL, "enabled": False}),
)
DELETE_CHANNEL = _described(
    "alert_channel_delete",
    "Delete a channel and its messages",
    {200: serializers.ChannelSerializer, 404: NOT_FOUND},
    example(_CHANNEL),
)
TEST_CHANNEL = _described(
    "alert_channel_test",
    "Send a test message",
    {202: serializers.DeliveryDetailSerializer, 404: NOT_FOUND},
    example({**_QUEUED, "alert": None, "alert_kind": "", "subject": "[Info] This is a test of the channel Pager"}),
) | {"request": None}
REPLACE_SECRET = _described(
    "alert_channel_secret",
    "Replace a webhook's secret",
    {
        200: serializers.SecretSerializer,
        404: NOT_FOUND,
        422: error("It is no webhook.", "invalid_channel", "On duty is no webhook: it has no secret."),
    },
    example({"secret": _SECRET, "previous_secret_until": "2024-11-10T09:00:00Z"}),
) | {"request": None}

DELIVERIES = _described(
    "alert_deliveries",
    "List messages",
    {200: serializers.DeliverySerializer(many=True), 400: _WRONG_CHOICE},
    example(_DELIVERY),
)
DELIVERY = _described(
    "alert_delivery",
    "Show a message",
    {200: serializers.DeliveryDetailSerializer, 404: NOT_FOUND},
    example(_DELIVERY_DETAIL),
)
RESEND = _described(
    "alert_delivery_resend",
    "Send a message again that was given up",
    {
        202: serializers.DeliveryDetailSerializer,
        404: NOT_FOUND,
        409: error(
            "It was not given up.",
            "invalid_alert_state",
            "Only a message that was given up is sent again: this one is on its way, or was taken.",
        ),
    },
    example(_QUEUED),
) | {"request": None}
