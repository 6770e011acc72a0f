"""Answers are kept while they are true, and it is counted how often."""

from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from time_machine import TimeMachineFixture

from accounts.models import User
from matches.models import RankGroup, Replay, ReplayOwner, StatedRank
from matches.signals import replay_processed
from mlmodels import promotion, registry
from tests.factories import ModelVersionFactory, RankedGameFactory, TrainingPackFactory
from tests.training.analysing.conftest import play
from training import caching
from training.models import PackFeedback


class Asker:
    """Asks the same question again and again; `made` says how often it had to be answered anew."""

    def __init__(self, player: User, **asked: object) -> None:
        self.player, self.asked, self.made = player, asked, 0

    def __call__(self) -> int:
        def make() -> int:
            self.made += 1
            return self.made

        return caching.answered("analysis", self.player, self.asked, make)


@pytest.fixture
def ask(alice: User, replays: list[Replay]) -> Asker:
    return Asker(alice, depth="standard")


def test_the_same_question_gets_the_same_answer(ask: Asker) -> None:
    assert [ask(), ask(), ask()] == [1, 1, 1]
    assert caching.counts() == caching.Counts(hits=2, misses=1)
    assert caching.counts().hit_ratio == pytest.approx(2 / 3)


def test_nobody_asked_yet(db: None) -> None:
    assert caching.counts().hit_ratio is None


def test_a_kept_answer_costs_no_query(ask: Asker, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ask()
    with django_assert_num_queries(0):
        ask()


def test_another_question_person_or_kind_gets_its_own(ask: Asker, bob: User) -> None:
    ask()
    assert Asker(ask.player, depth="deep")() == 1
    other = Asker(bob, depth="standard")
    assert (other(), other.made) == (1, 1)
    assert caching.counts().misses == 3
    caching.answered("recommendations", ask.player, ask.asked, lambda: 7)
    assert caching.counts().misses == 4


def test_an_answer_is_kept_for_an_hour(ask: Asker, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-03-14T12:00:00Z", tick=False)
    ask()
    time_machine.shift(caching.KEPT_FOR - 1)
    assert ask() == 1
    time_machine.shift(2)
    assert ask() == 2


def test_what_fails_is_not_kept(alice: User) -> None:
    def fail() -> int:
        raise ValueError("not today")

    for _ in range(2):
        with pytest.raises(ValueError, match="not today"):
            caching.answered("analysis", alice, {}, fail)
    assert caching.counts() == caching.Counts(hits=0, misses=2)


def test_a_new_replay_makes_the_answer_anew_at_once(ask: Asker, alice: User) -> None:
    ask()
    [replay] = play(alice)
    assert ask() == 1
    replay_processed.send(sender=Replay, replay_id=replay.pk)
    assert ask() == 2


def test_a_process_that_heard_nothing_looks_again_after_seconds(
    ask: Asker, alice: User, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to("2026-03-14T12:00:00Z", tick=False)
    ask()
    play(alice)
    time_machine.shift(caching.LOOK_AGAIN_AFTER + 1)
    assert ask() == 2


def test_a_replay_of_somebody_else_changes_nothing(ask: Asker, bob: User) -> None:
    ask()
    [replay] = play(bob)
    replay_processed.send(sender=Replay, replay_id=replay.pk)
    assert ask() == 1


def test_a_rank_stated_or_a_replay_taken_away_makes_the_answer_anew(
    ask: Asker,
    alice: User,
    replays: list[Replay],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ask()
    with django_capture_on_commit_callbacks(execute=True):
        StatedRank.objects.update_or_create(
            user=alice, playlist="ranked-standard", defaults={"rank_group": RankGroup.PLATINUM}
        )
    assert ask() == 2
    with django_capture_on_commit_callbacks(execute=True):
        ReplayOwner.objects.get(replay=replays[0]).delete()
    assert ask() == 3


def test_another_extraction_makes_the_answer_anew(ask: Asker, replays: list[Replay]) -> None:
    ask()
    Replay.objects.filter(pk=replays[0].pk).update(extraction_version=2)
    replay_processed.send(sender=Replay, replay_id=replays[0].pk)
    assert ask() == 2


def test_a_new_champion_makes_the_answer_anew(
    ask: Asker,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ask()
    version = ModelVersionFactory.create(problem="weakness")
    monkeypatch.setattr(registry, "serving", lambda version: None)
    with django_capture_on_commit_callbacks(execute=True):
        promotion.promote(version, by=None)
    assert ask() == 2


def test_more_games_to_compare_with_make_the_answer_anew(ask: Asker) -> None:
    ask()
    RankedGameFactory.create()
    caching.forget_everybody()
    assert ask() == 2


def test_opinions_and_packs_make_the_answer_anew(
    ask: Asker, alice: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ask()
    with django_capture_on_commit_callbacks(execute=True):
        pack = TrainingPackFactory.create()
    assert ask() == 2
    with django_capture_on_commit_callbacks(execute=True):
        PackFeedback.objects.create(user=alice, pack=pack, rating=4)
    assert ask() == 3


def test_counting_begins_with_an_empty_cache(ask: Asker) -> None:
    ask()
    assert caching.counts() == caching.Counts(hits=0, misses=1)
    cache.clear()
    ask()
    assert caching.counts() == caching.Counts(hits=0, misses=1)


def test_answers_are_counted_by_the_second(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("training.caching.time.monotonic", lambda: clock[0])
    for _ in range(3):
        ask()
    assert cache.get_many(["coach/hits", "coach/misses"]) == {"coach/misses": 1}
    clock[0] += caching.COUNTS_TOLD_AFTER
    ask()
    assert cache.get("coach/hits") == 3
    ask()
    assert cache.get("coach/hits") == 3
    assert caching.counts() == caching.Counts(hits=4, misses=1)


class Recorded:
    """The cache; `asked` are the methods that were called."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(cache, name)


def test_a_kept_answer_costs_one_question_to_the_cache(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    recorded = Recorded()
    monkeypatch.setattr(caching, "cache", recorded)
    ask()
    assert recorded.asked == ["get_many"]
