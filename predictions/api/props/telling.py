"""Answers about players as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.api.errors import error_body
from matches.models import Team
from predictions.api.prices import may_see_prices, why_hidden
from predictions.basketball.asking import Answer, Failed
from predictions.basketball.forecasting import NO_LINE, PRIOR, SUPPOSED

ASKED_ALL, NOBODY_KNOWN = "global", "prior"
CODES = frozenset({PRIOR, NO_LINE, SUPPOSED, ASKED_ALL, NOBODY_KNOWN})
"""Notes that are for programs of this house; their sentences follow them."""


def opponents_of(answers: Iterable[Answer | Failed]) -> Mapping[int, Team]:
    """The teams that answers name, in one query."""
    asked = {answer.located.prop.game.opponent_id for answer in answers if isinstance(answer, Answer)} - {None}
    return Team.objects.in_bulk(list(asked)) if asked else {}


def told(answer: Answer, opponents: Mapping[int, Team], context: Mapping[str, Any]) -> dict[str, Any]:
    """The documented keys first, in their order."""
    said, located, advised = answer.said, answer.located, answer.recommendation
    shown = may_see_prices(context)
    value = advised.expected_value
    return {
        "player": located.player.name,
        "predicted_value": round(said["mean"], 3),
        "over_probability": round(said["over"], 6),
        "under_probability": round(said["under"], 6),
        "push_probability": round(said["push"], 6),
        "recommendation": advised.side.value if shown else None,
        "confidence": round(said["confidence"], 6),
        "expected_value": round(value, 4) if shown and value is not None else None,
        "model_version": said["version"],
        "prediction_id": said["prediction_id"],
        "player_id": located.player.pk,
        "team": located.player.team.name if located.player.team else None,
        "stat": located.question.statistic,
        "line": said["line"],
        "game": _game(answer, opponents),
        "recommendation_reason": " ".join(advised.reasons) if shown else None,
        "odds_hidden_reason": why_hidden(context),
        "market": _market(said["market"]),
        "availability": _availability(answer),
        "answered_by": _answered_by(said),
        "notes": [note for note in said["notes"] if note not in CODES],
        "is_simulated": located.player.is_simulated,
    }


def refused(error: Any, asked: Any) -> dict[str, Any]:
    """An entry that could not be answered: what was asked, and why not."""
    names = ("player", "stat", "line")
    about = {name: asked.get(name) for name in names if name in asked} if isinstance(asked, Mapping) else {}
    return {**about, "error": error if isinstance(error, dict) else error_body(error)}


def _game(answer: Answer, opponents: Mapping[int, Team]) -> dict[str, Any]:
    game = answer.located.prop.game
    opponent = opponents.get(game.opponent_id) if game.opponent_id is not None else None
    return {
        "match": game.match_id,
        "date": game.day.isoformat(),
        "tip_off": f"{game.tip_off:%Y-%m-%dT%H:%M:%SZ}" if game.match_id is not None else None,
        "home": game.is_home,
        "opponent": opponent.name if opponent else None,
        "supposed": game.supposed,
    }


def _availability(answer: Answer) -> dict[str, str] | None:
    if answer.located.question.status:
        return {"status": answer.located.question.status, "reason": "", "reported_by": "client"}
    if answer.report is None:
        return None
    return {"status": answer.report.status, "reason": answer.report.reason, "reported_by": answer.report.source}


def _market(quoted: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if quoted is None:
        return None
    chances = {f"{side}_probability": quoted[side] for side in ("over", "under")}
    return {
        "line": quoted["line"],
        **{name: None if chance is None else round(chance, 6) for name, chance in chances.items()},
        "books": quoted["books"],
    }


def _answered_by(said: Mapping[str, Any]) -> str:
    """`prior` is a note of small histories too: only one without any game rests on nothing else."""
    if ASKED_ALL in said["notes"]:
        return ASKED_ALL
    return NOBODY_KNOWN if not said["games"] else str(said["algorithm"])
