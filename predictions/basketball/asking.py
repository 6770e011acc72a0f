"""From what clients ask about players to answers: predicted once, kept for an hour, advised for the odds of each."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Max

from matches.models import Availability, GameLine, PropLine
from mlmodels import registry
from mlmodels.errors import ModelError
from mlmodels.problem import get_variant
from predictions.basketball import market, table
from predictions.basketball.locating import Located, Refused, locate
from predictions.basketball.props import FAMILY, PlayerProp
from predictions.basketball.questions import Question
from predictions.basketball.recommending import Offer, Recommendation, recommendation
from predictions.basketball.recommending import Said as Weighed
from predictions.basketball.rosters import reported
from predictions.canonical import canonical_json, content_hash
from predictions.challenging.shadowing import shadow_later
from predictions.errors import PredictionError, TookTooLong
from predictions.experimenting import running
from predictions.serving import predict

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from mlmodels.problem import Problem
    from predictions.models import Prediction

KEPT_FOR = 3600
"""Seconds for which the same question gets the same prediction."""

PATIENCE = 30.0
"""Seconds after which what is left of a batch is given up."""

Failed = Refused | ModelError
Said = Mapping[str, Any]
"""What is kept of a prediction, as JSON: prediction_id, mean, over, push, under, confidence, version, notes, market."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question's prediction, and what is advised at its odds."""

    located: Located
    said: Said
    recommendation: Recommendation
    report: Availability | None
    """What was reported of the player for the day of the game."""

    @property
    def status(self) -> str:
        """As told by who asks, else as reported; empty where neither is."""
        return self.located.question.status or (self.report.status if self.report else "")


def ask(
    questions: Sequence[Question],
    *,
    user: AbstractBaseUser | AnonymousUser | None = None,
    patience: float | None = None,
) -> list[Answer | Failed]:
    """Answer each question, or say why it can't be; one featurising and one writing for each statistic.

    Where no odds are told, the best that bookmakers offer at the line are weighed.

    Games, lines or a champion that came in since make a kept prediction anew. What is not come to within `patience`
    seconds is TookTooLong.
    """
    until = time.monotonic() + (PATIENCE if patience is None else patience)
    found = locate(questions)
    located = {place: one for place, one in enumerate(found) if isinstance(one, Located)}
    said = _said(located, user, until) if located else {}
    reports = reported({o.player.pk for o in located.values()}, {o.prop.game.day for o in located.values()})
    return [
        one if not isinstance(one, Located) else _answer(one, said[place], reports.get(_whom(one)))
        for place, one in enumerate(found)
    ]


def _whom(located: Located) -> tuple[int, Any]:
    return located.player.pk, located.prop.game.day


def _answer(located: Located, said: Said | Failed, report: Availability | None) -> Answer | Failed:
    if not isinstance(said, Mapping):
        return said
    asked = located.question
    quoted = said["market"] if said["market"] and said["market"]["line"] == said["line"] else None
    weighed = Weighed(
        over=said["over"],
        push=said["push"],
        under=said["under"],
        market_over=quoted["over"] if quoted else None,
        games=said["games"],
        status=asked.status or (report.status if report else ""),
    )
    best = Offer(over=quoted["best_over"], under=quoted["best_under"]) if quoted else Offer()
    advised = recommendation(weighed, best if asked.odds == Offer() else asked.odds)
    return Answer(located=located, said=said, recommendation=advised, report=report)


def _said(
    located: Mapping[int, Located], user: AbstractBaseUser | AnonymousUser | None, until: float
) -> dict[int, Said | Failed]:
    """By place what is kept of each question, or is predicted now."""
    by_statistic: dict[str, list[int]] = defaultdict(list)
    for place, one in located.items():
        by_statistic[one.question.statistic].append(place)
    data = stamp()
    found: dict[int, Said | Failed] = {}
    for statistic, places in by_statistic.items():
        problem = get_variant(FAMILY, statistic)
        props = {place: located[place].prop for place in places}
        if time.monotonic() > until:
            found |= dict.fromkeys(places, TookTooLong("This took too long: ask for fewer at once, or again."))
            continue
        try:
            found |= _of_statistic(problem, props, user, data)
        except (ModelError, PredictionError) as error:
            found |= dict.fromkeys(places, error)
    return found


def _of_statistic(
    problem: Problem, props: Mapping[int, PlayerProp], user: AbstractBaseUser | AnonymousUser | None, data: str
) -> dict[int, Said | Failed]:
    """Raises ModelNotTrained, ArtifactError, FeatureMismatch."""
    teller = f"{registry.serving_champion(problem.slug).version.version}/{_arm(problem, user)}/{data}"
    keys = {place: _key(problem, prop, teller) for place, prop in props.items()}
    kept = cache.get_many(set(keys.values()))
    fresh = {key: props[place] for place, key in keys.items() if key not in kept}
    if fresh:
        told = _predicted(problem, fresh, user)
        cache.set_many({key: said for key, said in told.items() if isinstance(said, Mapping)}, KEPT_FOR)
        kept |= told
    return {place: kept[key] for place, key in keys.items()}


def _predicted(
    problem: Problem, props: Mapping[str, PlayerProp], user: AbstractBaseUser | AnonymousUser | None
) -> dict[str, Said | Failed]:
    """By key what is predicted now; where one hinders the others, each by itself."""
    try:
        made = predict(problem.slug, list(props.values()), user=user)
    except PredictionError as error:
        if len(props) == 1:
            return dict.fromkeys(props, error)
        return {key: _predicted(problem, {key: prop}, user)[key] for key, prop in props.items()}
    shadow_later(made)
    quoted = _quoted(problem, list(props.values()))
    return {
        key: _kept(prediction, prop, on_offer)
        for (key, prop), prediction, on_offer in zip(props.items(), made, quoted, strict=True)
    }


def _kept(prediction: Prediction, prop: PlayerProp, quoted: Mapping[str, Any] | None) -> Said:
    version = prediction.model_version
    return {
        "prediction_id": str(prediction.pk),
        "line": prop.line,
        "mean": prediction.distribution["mean"],
        **prediction.probabilities,
        "confidence": prediction.confidence,
        "version": version.version,
        "algorithm": version.algorithm,
        "notes": list(prediction.notes),
        "games": int(prediction.features["games"] or 0),
        "market": quoted,
    }


def _quoted(problem: Problem, props: Sequence[PlayerProp]) -> list[Mapping[str, Any] | None]:
    """Of each prop what bookmakers say, None where none quotes it."""
    keys = [(prop.game.match_id or -1, prop.player_id) for prop in props]
    found = market.consensus(keys, problem.variant)
    names = ("line", "over", "under", "best_over", "best_under")
    rows = zip(*(getattr(found, name).tolist() for name in names), found.books.tolist(), strict=True)
    return [
        {**{name: _known(value) for name, value in zip(names, values, strict=True)}, "books": books} if books else None
        for *values, books in rows
    ]


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _arm(problem: Problem, user: AbstractBaseUser | AnonymousUser | None) -> str:
    """What of a running experiment decides who answers, besides the event."""
    plan = running.running(problem.slug)
    return f"{plan.pk}-{plan.arm_of_user(user).reference}" if plan is not None else ""


def _key(problem: Problem, prop: PlayerProp, teller: str) -> str:
    about = canonical_json(problem.subject_reference(prop))
    return f"props/{content_hash({'problem': problem.slug, 'about': about, 'teller': teller})}"


def stamp() -> str:
    """Changes with any game that was played or corrected, and with any line."""
    lines = (model.objects.order_by().aggregate(last=Max("pk"))["last"] for model in (PropLine, GameLine))
    return "/".join((table.stamp(), *map(str, lines)))
