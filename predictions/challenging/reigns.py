"""Since when a champion has served and a challenger has run, read off the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mlmodels.models import ModelVersion, Promotion

Role = ModelVersion.Role


@dataclass(frozen=True, kw_only=True)
class Term:
    """A stretch of time in which a version had a role; `end` is None while it has."""

    version_id: int
    role: str
    start: datetime
    end: datetime | None

    def overlaps(self, other: Term) -> bool:
        return (self.end is None or self.end > other.start) and (other.end is None or other.end > self.start)


@dataclass(frozen=True, kw_only=True)
class Match:
    """A challenger against the champion that serves now.

    since: both have been what they are. number: counted from 1 over all challengers that ever ran against this
    champion, in the order in which they began; one that runs a second time is counted again.
    """

    champion: ModelVersion
    challenger: ModelVersion
    since: datetime
    number: int


def matched(champion: ModelVersion, challengers: Sequence[ModelVersion]) -> list[Match]:
    """Each of these challengers of one champion, in their order; one query for all."""
    terms = _terms(champion)
    reigns = [term for term in terms if term.version_id == champion.pk and term.role == Role.CHAMPION]
    runs = sorted(
        (term for term in terms if term.role == Role.CHALLENGER and any(term.overlaps(reign) for reign in reigns)),
        key=lambda term: (term.start, term.version_id),
    )
    served_since = reigns[-1].start if reigns else champion.created_at
    return [_matched(champion, challenger, runs, served_since) for challenger in challengers]


def _matched(champion: ModelVersion, challenger: ModelVersion, runs: Sequence[Term], served_since: datetime) -> Match:
    own = [place for place, run in enumerate(runs, start=1) if run.version_id == challenger.pk]
    began = runs[own[-1] - 1].start if own else challenger.created_at
    return Match(
        champion=champion,
        challenger=challenger,
        since=max(began, served_since),
        number=own[-1] if own else len(runs) + 1,
    )


def _terms(champion: ModelVersion) -> list[Term]:
    """Every term of every version of the champion's problem and scope, by its beginning.

    A promotion's one row ends the term of the champion before as well.
    """
    moves = (
        Promotion.objects.moves()
        .filter(version__problem=champion.problem, version__scope=champion.scope)
        .order_by("created_at", "pk")
        .values_list("version_id", "to_role", "previous_champion_id", "created_at")
    )
    open_terms: dict[int, tuple[str, datetime]] = {}
    terms: list[Term] = []

    def close(version_id: int | None, at: datetime) -> None:
        if version_id is not None and version_id in open_terms:
            role, start = open_terms.pop(version_id)
            terms.append(Term(version_id=version_id, role=role, start=start, end=at))

    for version_id, role, replaced_id, at in moves:
        close(version_id, at)
        close(replaced_id, at)
        open_terms[version_id] = (role, at)
    terms += [Term(version_id=key, role=role, start=at, end=None) for key, (role, at) in open_terms.items()]
    return sorted(terms, key=lambda term: term.start)
