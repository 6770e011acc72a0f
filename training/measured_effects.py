"""Whether practising a category helped: its score before and after, against what was not practised meanwhile.

Of each match the difference counts between the score of the practised category and the mean of the unpractised ones:
better opponents, a new season or a good day move both. The effect is the mean difference after the third session less
the mean before the first, with Welch's interval.

What was practised was mostly chosen because it looked weakest, and the weakest of eight looks better the next time
whatever one does (regression to the mean). So matches from before the first session that no report had yet looked at
come first; where there are too few of them, the others count too, and the interval is made as wide as for the most
striking of all measured categories (Šidák 1967): less than one in twenty then tells of an effect where there is none.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from matches.models import Playlist
from matches.rocket_league import own_rows
from mlmodels.evaluation.bootstrap import Interval
from training.errors import NoBenchmark
from training.measuring import CONFIDENCE, difference_of_means
from training.models import Category, SkillReport, TrainingSession

if TYPE_CHECKING:
    from accounts.models import User

SESSIONS = 3
"""What is after so many sessions counts as practised."""
FEWEST_MATCHES = 5
MOST_MATCHES = 40
"""Matches nearest to the practice; older ones tell of somebody else."""


class Verdict(enum.StrEnum):
    IMPROVED = "improved"
    DECLINED = "declined"
    UNCLEAR = "unclear"
    TOO_FEW_SESSIONS = "too-few-sessions"
    TOO_FEW_MATCHES = "too-few-matches"
    NOTHING_TO_COMPARE = "nothing-to-compare"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What became of one practised category; figures are in sd of players of the rank, None where there are too few."""

    category: Category
    sessions: int
    verdict: Verdict = Verdict.UNCLEAR
    words: str = ""
    before: int = 0
    after: int = 0
    """Matches counted on either side."""
    change: Interval | None = None
    is_fresh: bool = False
    """Whether the matches before had no part in choosing what to practise."""
    is_simulated: bool = False


@dataclass(frozen=True)
class _Matches:
    """A person's matches, the oldest first: when (n,), which replay, and scores (n,) by category."""

    times: np.ndarray
    replays: tuple[str, ...]
    scores: Mapping[str, np.ndarray]
    is_simulated: bool


@dataclass(frozen=True)
class _Sides:
    """Differences of matches before and after."""

    before: np.ndarray
    after: np.ndarray
    is_fresh: bool


def effects_of(user: User, *, now: datetime) -> tuple[Effect, ...]:
    """Effects of all that a person practised until now, in the playlist and against the rank of their last report."""
    sessions = _sessions(user, now)
    reports = list(SkillReport.objects.of(user).only("playlist", "rank_group", "made_at", "matches"))
    if not sessions or not reports:
        return ()
    matches = _matches(user, reports[0])
    if matches is None:
        return ()
    return tuple(_effect(Category(name), sessions, reports, matches) for name in sorted(sessions))


def _sessions(user: User, now: datetime) -> dict[str, list[datetime]]:
    """When each practised category was practised, the first first."""
    done: dict[str, list[datetime]] = {}
    rows = TrainingSession.objects.of(user).done().filter(done_at__lte=now).order_by("done_at")
    for category, at in rows.values_list("category", "done_at"):
        if at is not None:
            done.setdefault(category, []).append(at)
    return done


def _matches(user: User, report: SkillReport) -> _Matches | None:
    from training.rocket_league.benchmarks import benchmark
    from training.rocket_league.features import feature_table

    try:
        against = benchmark(report.playlist, report.rank_group)
    except NoBenchmark:
        return None
    rows = list(own_rows.rows_of(user, playlist=Playlist(report.playlist)).filter(replay__played_at__isnull=False))
    if not rows:
        return None
    scores = against.category_scores(feature_table([row.statistics for row in rows]))
    return _Matches(
        times=np.array([row.replay.played_at.timestamp() for row in rows if row.replay.played_at]),
        replays=tuple(str(row.replay_id) for row in rows),
        scores={name: scores[name].to_numpy(dtype=float) for name in Category.values if not scores[name].isna().all()},
        is_simulated=any(row.replay.is_simulated for row in rows),
    )


def _effect(
    category: Category, sessions: Mapping[str, Sequence[datetime]], reports: Sequence[SkillReport], matches: _Matches
) -> Effect:
    done = sessions[category]
    effect = Effect(category=category, sessions=len(done), is_simulated=matches.is_simulated)
    if len(done) < SESSIONS:
        words = f"Too early to tell: {_more(SESSIONS - len(done), 'session')} first."
        return replace(effect, verdict=Verdict.TOO_FEW_SESSIONS, words=words)
    others = [name for name in matches.scores if name not in sessions]
    if category not in matches.scores or not others:
        return replace(effect, verdict=Verdict.NOTHING_TO_COMPARE, words=_nothing_to_compare(category, matches))
    sides = _sides(category, others, done, reports=reports, matches=matches)
    effect = replace(effect, before=len(sides.before), after=len(sides.after), is_fresh=sides.is_fresh)
    if min(effect.before, effect.after) < FEWEST_MATCHES:
        return replace(effect, verdict=Verdict.TOO_FEW_MATCHES, words=_too_few(effect))
    change = difference_of_means(sides.before, sides.after, confidence=_confidence(sides, measured=len(matches.scores)))
    effect = replace(effect, change=change, verdict=_verdict(change))
    return replace(effect, words=_in_words(effect, change))


def _sides(
    category: str,
    others: Sequence[str],
    done: Sequence[datetime],
    *,
    reports: Sequence[SkillReport],
    matches: _Matches,
) -> _Sides:
    """Differences of the matches before the first session and after the third, those nearest to them."""
    import warnings

    with warnings.catch_warnings():
        # A match of which nothing else was measured has no mean: it is left out below.
        warnings.simplefilter("ignore", RuntimeWarning)
        difference = matches.scores[category] - np.nanmean([matches.scores[name] for name in others], axis=0)
    told = ~np.isnan(difference)
    before = told & (matches.times < done[0].timestamp())
    after = told & (matches.times > done[SESSIONS - 1].timestamp())
    seen = {str(replay) for report in reports if report.made_at <= done[0] for replay in report.matches}
    fresh = before & np.array([replay not in seen for replay in matches.replays])
    is_fresh = int(fresh.sum()) >= FEWEST_MATCHES
    return _Sides(
        before=difference[fresh if is_fresh else before][-MOST_MATCHES:],
        after=difference[after][:MOST_MATCHES],
        is_fresh=is_fresh or not seen,
    )


def _confidence(sides: _Sides, *, measured: int) -> float:
    """Of the interval: higher where the weakest of several categories was chosen by these very matches.

    Šidák (1967), "Rectangular confidence regions for the means of multivariate normal distributions", JASA 62.
    """
    return CONFIDENCE if sides.is_fresh else CONFIDENCE ** (1 / measured)


def _verdict(change: Interval) -> Verdict:
    if change.low > 0:
        return Verdict.IMPROVED
    return Verdict.DECLINED if change.high < 0 else Verdict.UNCLEAR


def _in_words(effect: Effect, change: Interval) -> str:
    matches = f"over {effect.before} matches before and {effect.after} after"
    name = effect.category.label
    if effect.verdict is Verdict.UNCLEAR:
        fits = f"{_signed(change.value)} sd; anything from {_signed(change.low)} to {_signed(change.high)} fits"
        return f"{name}: no change that we could tell from chance ({fits}), {matches}."
    way = "up" if change.value > 0 else "down"
    between = f"between {abs(change.low):.2f} and {abs(change.high):.2f}"
    if change.value < 0:
        between = f"between {abs(change.high):.2f} and {abs(change.low):.2f}"
    return (
        f"{name} went {way} by {abs(change.value):.2f} sd ({between}) against what you didn't practise, {matches}: "
        "more than chance does."
    )


def _too_few(effect: Effect) -> str:
    if effect.before < FEWEST_MATCHES:
        missing = _more(FEWEST_MATCHES - effect.before, "match", "matches")
        return f"Not enough matches from before you began: upload {missing} that you played before the first session."
    missing = _more(FEWEST_MATCHES - effect.after, "match", "matches")
    return f"Not enough matches yet: {missing} after your third session, then we can tell."


def _nothing_to_compare(category: Category, matches: _Matches) -> str:
    if category not in matches.scores:
        return f"{category.label} is not measured in this playlist."
    return "You practised every category that is measured, so that there is nothing to compare with."


def _more(count: int, one: str, many: str = "") -> str:
    return f"{count} more {one if count == 1 else many or one + 's'}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
