"""From matches to a report: which matches, which rank, whom compared with, and once only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import PlatformAccount, User
from matches.models import Playlist, RankGroup, Replay, ReplayPlayer, StatedRank
from mlmodels import registry
from mlmodels.errors import ModelNotTrained
from mlmodels.models import ModelVersion
from mlmodels.registry import Serving
from predictions.models import Prediction
from tests.factories import ModelVersionFactory, PredictionFactory
from tests.training.analysing.conftest import play
from tests.training.rocket_league.ranked_rows import ranked_games, rows
from training import analysing
from training.errors import InsufficientData, NoBenchmark, UnknownMatches, UnknownRank
from training.models import Category, SkillReport
from training.rocket_league import benchmarks
from training.rocket_league.skill_analyzer import SkillProfile

ROTATION = {**dict.fromkeys(Category.values, 0.02), "rotation": 0.71, "even": 0.15}
DIAMOND = {**dict.fromkeys(RankGroup.values, 0.05), "diamond": 0.65}


class House:
    """Champions that say what they are told to; `asked` is what they were asked."""

    def __init__(self) -> None:
        self.champions = {
            problem: ModelVersionFactory.create(problem=problem, version=f"{problem}-1")
            for problem in ("weakness", "rank-group")
        }
        self.says = {"weakness": ROTATION, "rank-group": DIAMOND}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def serving_champion(self, problem: str) -> Serving:
        if problem not in self.champions:
            raise ModelNotTrained(f"No model of {problem} is in service: train one and promote it.")
        return Serving(version=self.champions[problem], estimator=None, state={})

    def predict(self, problem: str, subjects: Sequence[Any], *, version: ModelVersion) -> list[Prediction]:
        assert version == self.champions[problem]
        [subject] = subjects
        self.asked.append((problem, subject))
        says = self.says[problem]
        return [
            PredictionFactory.create(
                problem=problem,
                model_version=version,
                probabilities=says,
                confidence=max(says.values()),
                subject=subject,
                match=None,
                made_at=timezone.now(),
                event_at=timezone.now() + timedelta(days=28),
            )
        ]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, db: None) -> House:
    made = House()
    monkeypatch.setattr(registry, "serving_champion", made.serving_champion)
    monkeypatch.setattr(analysing, "predict", made.predict)
    monkeypatch.setattr(analysing, "get_problem", lambda slug: SimpleNamespace(subject=dict, subject_reference=dict))
    ranked_games(60, rank_group=RankGroup.DIAMOND)
    benchmarks.forget()
    return made


@pytest.fixture
def played(house: House, replays: list[Replay]) -> list[Replay]:
    """Alice's three matches, with statistics."""
    measure(replays)
    return replays


def measure(replays: Sequence[Replay]) -> None:
    for replay, statistics in zip(replays, rows(len(replays), seed=9), strict=True):
        ReplayPlayer.objects.filter(replay=replay).update(statistics=statistics)


def test_a_report_says_where_the_player_stands_and_what_it_is_made_of(
    house: House, alice: User, played: list[Replay]
) -> None:
    report = analysing.analyse(alice)
    assert (report.user, report.playlist, report.rank_group, report.rank_source) == (
        alice, "ranked-standard", "diamond", "stated",
    )  # fmt: skip
    assert report.matches == [str(replay.pk) for replay in played]
    assert (report.primary_weakness, report.confidence) == ("rotation", 0.71)
    assert report.benchmark == {
        "source": "60 matches of Diamond players",
        "rows": 60,
        "is_simulated": False,
        "is_interpolated": False,
        "playlist": "ranked-standard",
        "rank_group": "diamond",
    }
    assert set(report.categories) == set(Category.values)
    skill = report.categories["rotation"]
    assert set(skill) == {"score", "low", "high", "percentile", "probability", "trend", "matches"}
    assert set(skill["trend"]) == {"slope", "low", "high", "verdict"}
    assert (skill["probability"], skill["matches"]) == (0.71, 3)
    assert skill["low"] <= skill["score"] <= skill["high"]
    assert 0 <= skill["percentile"] <= 100
    assert len(report.features) > 50
    assert {tuple(feature) for feature in report.features.values()} == {("value", "percentile", "z", "benchmark_mean")}
    assert report.prediction
    assert house.asked == [
        (
            "weakness",
            {
                "player": alice.pk,
                "replays": report.matches,
                "playlist": "ranked-standard",
                "rank_group": "diamond",
            },
        )
    ]


def test_nothing_that_stands_out_is_an_empty_weakness(house: House, alice: User, played: list[Replay]) -> None:
    house.says["weakness"] = {**dict.fromkeys(Category.values, 0.05), "even": 0.6}
    report = analysing.analyse(alice)
    assert (report.primary_weakness, report.confidence) == ("", 0.6)


def test_the_same_matches_are_the_same_report(house: House, alice: User, played: list[Replay]) -> None:
    first = analysing.analyse(alice)
    assert analysing.analyse(alice) == first
    assert analysing.analyse(alice, replay_ids=[replay.pk for replay in played[::-1]]) == first
    assert (SkillReport.objects.count(), Prediction.objects.count()) == (1, 1)


def test_another_match_extractor_rank_or_champion_is_another_report(
    house: House, alice: User, played: list[Replay]
) -> None:
    first = analysing.analyse(alice)
    measure(play(alice, 1))
    second = analysing.analyse(alice)
    Replay.objects.filter(pk=played[0].pk).update(extraction_version=2)
    third = analysing.analyse(alice)
    ranked_games(60, rank_group=RankGroup.PLATINUM, seed=2)
    StatedRank.objects.filter(user=alice).update(rank_group=RankGroup.PLATINUM)
    fourth = analysing.analyse(alice)
    house.champions["weakness"] = ModelVersionFactory.create(problem="weakness", version="weakness-2")
    fifth = analysing.analyse(alice)
    assert len({report.pk for report in (first, second, third, fourth, fifth)}) == 5


def test_another_benchmark_is_another_report(house: House, alice: User, played: list[Replay]) -> None:
    first = analysing.analyse(alice)
    ranked_games(40, rank_group=RankGroup.DIAMOND, seed=3)
    benchmarks.forget()
    again = analysing.analyse(alice)
    assert (again != first, again.benchmark["rows"]) == (True, 100)


def test_who_asks_at_the_same_time_waits_and_finds_the_report(
    house: House, alice: User, played: list[Replay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes after this one has looked, and before it writes."""
    made: list[SkillReport] = []
    look = analysing._made_before

    def looked_before_the_other_wrote(asked: Any, version: ModelVersion) -> SkillReport | None:
        if made:
            return look(asked, version)
        made.append(analysing._written(asked, profile, version))
        return None

    profile = SkillProfile(matches=3, categories={}, features={}, strengths=(), weaknesses=())
    monkeypatch.setattr(analysing, "_made_before", looked_before_the_other_wrote)
    assert analysing.analyse(alice) == made[0]
    assert SkillReport.objects.count() == 1


def test_too_few_matches_say_how_many_more_it_takes(house: House, alice: User, bob: User) -> None:
    with pytest.raises(InsufficientData, match=r"No match .* upload 3 more replays") as none:
        analysing.analyse(bob)
    assert none.value.detail == {"have": 0, "need": 3}
    play(alice, 2)
    with pytest.raises(InsufficientData, match=r"Only 2 matches of Ranked Standard .* upload 1 more replay") as two:
        analysing.analyse(alice)
    assert two.value.detail == {"have": 2, "need": 3}


def test_a_developer_needs_one_match(house: House, alice: User, settings: Settings) -> None:
    settings.MIN_MATCHES_FOR_ANALYSIS = 1
    StatedRank.objects.create(user=alice, playlist="ranked-standard", rank_group=RankGroup.DIAMOND)
    measure(play(alice, 1))
    assert len(analysing.analyse(alice).matches) == 1


def test_the_ranked_playlist_with_most_matches_is_looked_at(house: House, alice: User, played: list[Replay]) -> None:
    play(alice, 5, playlist=Playlist.UNRANKED_STANDARD)
    play(alice, 2, playlist=Playlist.RANKED_DOUBLES)
    assert analysing.analyse(alice).playlist == "ranked-standard"
    with pytest.raises(InsufficientData, match="Ranked Doubles"):
        analysing.analyse(alice, playlist=Playlist.RANKED_DOUBLES)


def test_named_matches_alone_are_looked_at(house: House, alice: User, played: list[Replay]) -> None:
    measure(play(alice, 3))
    ids = [replay.pk for replay in played]
    assert analysing.analyse(alice, replay_ids=ids).matches == [str(replay) for replay in ids]


def test_matches_of_others_are_refused_by_name(house: House, alice: User, bob: User, played: list[Replay]) -> None:
    [other] = play(bob)
    with pytest.raises(UnknownMatches, match=str(other.pk)) as refused:
        analysing.analyse(alice, replay_ids=[*(replay.pk for replay in played), other.pk])
    assert refused.value.detail == {"unknown": [str(other.pk)]}
    with pytest.raises(UnknownMatches, match="and more"):
        analysing.analyse(alice, replay_ids=[uuid4() for _ in range(4)])


@pytest.mark.parametrize(("depth", "matches"), [("quick", 10), ("standard", 12), ("deep", 12)])
def test_the_depth_says_how_far_back_it_looks(
    house: House, alice: User, played: list[Replay], depth: str, matches: int
) -> None:
    newer = play(alice, 9)
    measure(newer)
    found = analysing.analyse(alice, depth=depth).matches
    assert found == [str(replay.pk) for replay in (*played, *newer)][-matches:]


def test_a_rank_that_nobody_knows_is_told_from_the_matches(house: House, alice: User, played: list[Replay]) -> None:
    StatedRank.objects.all().delete()
    report = analysing.analyse(alice)
    assert (report.rank_group, report.rank_source) == ("diamond", "detected")
    assert [problem for problem, _ in house.asked] == ["rank-group", "weakness"]
    assert house.asked[0][1] == {"player": alice.pk, "replays": report.matches, "playlist": "ranked-standard"}
    assert analysing.analyse(alice) == report
    assert [problem for problem, _ in house.asked] == ["rank-group", "weakness"]


def test_without_a_model_of_ranks_the_player_must_state_theirs(house: House, alice: User, played: list[Replay]) -> None:
    StatedRank.objects.all().delete()
    del house.champions["rank-group"]
    with pytest.raises(UnknownRank, match="state it in the coach's settings"):
        analysing.analyse(alice)


def test_nobody_to_compare_with_is_said(house: House, alice: User, played: list[Replay]) -> None:
    StatedRank.objects.update(rank_group=RankGroup.SUPERSONIC_LEGEND)
    with pytest.raises(NoBenchmark, match="Supersonic Legend"):
        analysing.analyse(alice)
    assert not SkillReport.objects.exists()


def test_without_a_champion_nothing_is_written(house: House, alice: User, played: list[Replay]) -> None:
    house.champions.clear()
    with pytest.raises(ModelNotTrained):
        analysing.analyse(alice)
    assert not SkillReport.objects.exists()


def test_a_report_that_is_there_costs_few_queries(
    house: House, alice: User, played: list[Replay], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    analysing.analyse(alice)
    with django_assert_max_num_queries(6):
        analysing.analyse(alice)


def test_the_number_of_queries_does_not_grow_with_matches(
    house: House, alice: User, played: list[Replay], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    measure(play(alice, 9))
    with django_assert_max_num_queries(20):
        analysing.analyse(alice)


def test_one_of_two_accounts_is_enough(house: House, alice: User, played: list[Replay]) -> None:
    PlatformAccount.objects.create(user=alice, platform="epic", platform_id="x")
    assert len(analysing.analyse(alice).matches) == 3
