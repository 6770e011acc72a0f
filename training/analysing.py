"""From a player's matches to a report: where they stand among their rank, and what most likely holds them back.

A report's `categories` are {category: {"score", "low", "high", "percentile", "probability", "trend", "matches"}}: the
score is in standard deviations of single matches of the rank, with its interval; the percentile, 0..100, is among means
of as many matches of the rank; the probability, 0..1, is that of being what holds the player back; the trend is
{"slope" (sd per 10 matches), "low", "high", "verdict"}. Its `features` are {feature: {"value", "percentile", "z",
"benchmark_mean"}}, its `benchmark` {"source", "rows", "is_simulated", "is_interpolated", "playlist", "rank_group"}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from matches.models import Playlist, RankGroup, ReplayPlayer
from matches.rocket_league import own_rows
from matches.rocket_league.stated_ranks import RANKED
from mlmodels import registry
from mlmodels.errors import ModelNotTrained
from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem
from predictions.canonical import content_hash
from predictions.challenging.shadowing import shadow_later
from predictions.models import Prediction
from predictions.serving import predict
from training.errors import InsufficientData, UnknownMatches, UnknownRank
from training.models import SkillReport
from training.rocket_league import benchmarks, features
from training.rocket_league.skill_analyzer import SkillAnalyzer

if TYPE_CHECKING:
    from training.rocket_league.benchmarks import Benchmark
    from training.rocket_league.skill_analyzer import SkillProfile

PROBLEM = "weakness"
RANK_PROBLEM = "rank-group"
NOTHING = "even"
"""What the problem says where no category stands out."""


class Depth(StrEnum):
    """How far back an analysis looks: what a player did long ago says less of today, but more matches say more."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"


NEWEST: Mapping[Depth, int] = {Depth.QUICK: 10, Depth.STANDARD: 30, Depth.DEEP: 100}
"""So many of a player's newest matches are looked at, unless matches are named."""


class _Match(NamedTuple):
    """One of the player's rows, without its statistics: those are read only where an analysis is made."""

    row: int
    replay: UUID
    playlist: str
    extraction_version: int
    played_at: datetime
    processed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What an analysis is made of; `mark` is the same for the same matches, rank and benchmark."""

    player: User
    playlist: Playlist
    matches: Sequence[_Match]
    """The oldest first."""
    rank: RankGroup
    rank_source: str
    benchmark: Benchmark

    @property
    def replays(self) -> list[str]:
        return _replays(self.matches)

    @cached_property
    def mark(self) -> str:
        norms = self.benchmark.norms
        return content_hash(
            {
                "matches": sorted([str(match.replay), match.extraction_version] for match in self.matches),
                "playlist": self.playlist,
                "rank": [self.rank, self.rank_source],
                "compared_with": {name: [norm.mean, norm.sd] for name, norm in norms.items()},
            }
        )


def minimum_matches() -> int:
    return int(settings.MIN_MATCHES_FOR_ANALYSIS)


def analyse(
    player: User,
    *,
    replay_ids: Sequence[UUID | str] | None = None,
    playlist: Playlist | None = None,
    depth: Depth | str = Depth.STANDARD,
) -> SkillReport:
    """The report on a player's matches; the one made before where matches, rank, benchmark and champion are the same.

    replay_ids: these matches; left out, the newest, as many as the depth says. playlist: left out, the ranked one with
    most of the matches. Raises InsufficientData, UnknownMatches, UnknownRank, NoBenchmark, ModelNotTrained,
    ArtifactError, FeatureMismatch.
    """
    asked = _asked(player, replay_ids, playlist, Depth(depth))
    version = registry.serving_champion(PROBLEM).version
    if found := _made_before(asked, version):
        return found
    profile = _profile(asked)
    with transaction.atomic():
        # Of two who ask at once, the second waits here and finds what the first has made.
        User.objects.select_for_update(no_key=True).get(pk=player.pk)
        return _made_before(asked, version) or _written(asked, profile, version)


def _asked(player: User, replay_ids: Sequence[UUID | str] | None, playlist: Playlist | None, depth: Depth) -> _Asked:
    matches = _matches(player, replay_ids, playlist, depth)
    chosen = Playlist(matches[0].playlist)
    rank, source = _rank(player, chosen, matches)
    compared_with = benchmarks.benchmark(chosen, rank)
    return _Asked(
        player=player, playlist=chosen, matches=matches, rank=rank, rank_source=source, benchmark=compared_with
    )


def _matches(
    player: User, replay_ids: Sequence[UUID | str] | None, playlist: Playlist | None, depth: Depth
) -> list[_Match]:
    """The player's matches to analyse, all of one playlist, the oldest first.

    Raises InsufficientData, UnknownMatches.
    """
    rows = own_rows.rows_of(player, replay_ids=replay_ids).values_list(
        "pk", "replay_id", "replay__playlist", "replay__extraction_version", own_rows.WHEN, "replay__processed_at"
    )
    found = [_Match(*row) for row in rows]
    if replay_ids is not None:
        _refuse_unknown(replay_ids, [match.replay for match in found])
    chosen = playlist or _most_played([match.playlist for match in found])
    there = [match for match in found if match.playlist == chosen]
    _refuse_too_few(len(there), chosen)
    return there if replay_ids is not None else there[-NEWEST[depth] :]


def _replays(matches: Sequence[_Match]) -> list[str]:
    return [str(match.replay) for match in matches]


def _profile(asked: _Asked) -> SkillProfile:
    rows = dict(
        ReplayPlayer.objects.filter(pk__in=[match.row for match in asked.matches]).values_list("pk", "statistics")
    )
    table = features.feature_table([rows[match.row] for match in asked.matches])
    return SkillAnalyzer(asked.benchmark).analyse(table, [match.played_at for match in asked.matches])


def _refuse_unknown(asked: Sequence[UUID | str], found: Sequence[UUID]) -> None:
    known = {str(replay) for replay in found}
    if unknown := sorted({str(replay) for replay in asked} - known):
        raise UnknownMatches(
            "Some of these matches are not ones in which this player was found and measured: "
            f"{', '.join(unknown[:3])}{' and more' if len(unknown) > 3 else ''}.",
            unknown=unknown,
        )


def _most_played(played: Sequence[str]) -> Playlist | None:
    """The ranked playlist with most matches, the latest played of equals; None where there is none."""
    ranked = [name for name in played if name in RANKED]
    return Playlist(max(reversed(ranked), key=ranked.count)) if ranked else None


def _refuse_too_few(have: int, playlist: Playlist | None) -> None:
    need = minimum_matches()
    if have >= need:
        return
    where = playlist.label if playlist else "a ranked playlist"
    matches = "No match" if not have else f"Only {have} match{'es' * (have > 1)}"
    more = f"{need - have} more replay{'s' * (need - have > 1)}"
    raise InsufficientData(
        f"{matches} of {where} with this player in {'it' if have < 2 else 'them'} was read: upload {more}.",
        have=have,
        need=need,
    )


def _rank(player: User, playlist: Playlist, matches: Sequence[_Match]) -> tuple[RankGroup, str]:
    """The rank to compare with, and where it is from. Raises UnknownRank where none is known and none can be told."""
    known = own_rows.rank_of(player, playlist)
    return known if known is not None else (_detected(player, playlist, matches), "detected")


def _detected(player: User, playlist: Playlist, matches: Sequence[_Match]) -> RankGroup:
    """What the model of ranks says of these matches, said once and found in the ledger from then on."""
    problem = get_problem(RANK_PROBLEM)
    try:
        version = registry.serving_champion(RANK_PROBLEM).version
    except ModelNotTrained as error:
        raise UnknownRank(f"The rank in {playlist.label} is not known: state it in the coach's settings.") from error
    subject = problem.subject({"player": player.pk, "replays": _replays(matches), "playlist": playlist.value})
    said = Prediction.objects.filter(
        problem=RANK_PROBLEM,
        model_version=version,
        subject=problem.subject_reference(subject),
        made_at__gte=max(match.processed_at or match.played_at for match in matches),
    )
    prediction = said.first() or predict(RANK_PROBLEM, [subject], version=version)[0]
    return RankGroup(prediction.outcome_called)


def _made_before(asked: _Asked, version: ModelVersion) -> SkillReport | None:
    made = SkillReport.objects.of(asked.player).filter(matches_hash=asked.mark, prediction__model_version=version)
    return made.select_related("prediction__model_version").first()


def _written(asked: _Asked, profile: SkillProfile, version: ModelVersion) -> SkillReport:
    """Predict and keep both; the ledger's head is held by this transaction from here on, so it comes last."""
    reference = {
        "player": asked.player.pk,
        "replays": asked.replays,
        "playlist": asked.playlist.value,
        "rank_group": asked.rank.value,
    }
    [prediction] = predict(PROBLEM, [get_problem(PROBLEM).subject(reference)], version=version)
    shadow_later([prediction])
    called = prediction.outcome_called
    return SkillReport.objects.create(
        user=asked.player,
        playlist=asked.playlist,
        rank_group=asked.rank,
        rank_source=asked.rank_source,
        matches=asked.replays,
        matches_hash=asked.mark,
        benchmark=_compared_with(asked),
        categories=_categories(profile, prediction),
        features=_features(profile),
        primary_weakness="" if called == NOTHING else called,
        confidence=prediction.confidence,
        prediction=prediction,
    )


def _compared_with(asked: _Asked) -> dict[str, Any]:
    benchmark = asked.benchmark
    return {
        "source": benchmark.source,
        "rows": benchmark.rows,
        "is_simulated": benchmark.is_simulated,
        "is_interpolated": benchmark.is_interpolated,
        "playlist": asked.playlist.value,
        "rank_group": asked.rank.value,
    }


def _categories(profile: SkillProfile, prediction: Prediction) -> dict[str, Any]:
    return {
        category.value: {
            "score": skill.score,
            "low": skill.low,
            "high": skill.high,
            "percentile": skill.percentile,
            "probability": prediction.probabilities.get(category.value, 0.0),
            "trend": asdict(skill.trend),
            "matches": skill.matches,
        }
        for category, skill in profile.categories.items()
    }


def _features(profile: SkillProfile) -> dict[str, Any]:
    return {
        name: {
            "value": skill.value,
            "percentile": skill.percentile,
            "z": skill.z,
            "benchmark_mean": skill.benchmark_mean,
        }
        for name, skill in profile.features.items()
    }
