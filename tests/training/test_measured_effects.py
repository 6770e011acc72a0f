"""Whether practice helped: planted effects are found, and noise is not called progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from accounts.models import PlatformAccount, User
from matches.models import ReplayOwner
from tests.factories import ReplayFactory, ReplayPlayerFactory, UserFactory
from tests.training.recommending.reporting import report_of
from training.errors import NoBenchmark
from training.measured_effects import Verdict, _effect, _Matches, effects_of
from training.models import Category, SkillReport, TrainingSession
from training.recommending import expectations
from training.rocket_league import benchmarks, features
from training.tasks import measure_effects

START = datetime(2026, 3, 1, 18, tzinfo=UTC)
NOW = START + timedelta(days=30)
PRACTISED = [START + timedelta(days=10, hours=hour) for hour in range(3)]
NAMES = Category.values


def matches_of(scores: np.ndarray, *, after: int) -> _Matches:
    """Scores (n, 8), the last `after` of which were played after the practice."""
    before = len(scores) - after
    times = [START + timedelta(hours=number) for number in range(before)]
    times += [START + timedelta(days=11, hours=number) for number in range(after)]
    return _Matches(
        times=np.array([time.timestamp() for time in times]),
        replays=tuple(str(number) for number in range(len(scores))),
        scores={name: scores[:, column] for column, name in enumerate(NAMES)},
        is_simulated=False,
    )


def effect(scores: np.ndarray, *, after: int, chosen_by: Sequence[str] = (), category: str = NAMES[0]) -> Any:
    report = SkillReport(made_at=START + timedelta(days=9), matches=list(chosen_by))
    return _effect(Category(category), {category: PRACTISED}, [report], matches_of(scores, after=after))


def test_a_planted_effect_is_found_and_told() -> None:
    scores = np.random.default_rng(1).normal(size=(40, 8))
    scores[20:, 0] += 1.5
    found = effect(scores, after=20)
    assert (found.verdict, found.before, found.after, found.is_fresh) == (Verdict.IMPROVED, 20, 20, True)
    assert found.change.low > 0
    assert found.words.startswith("Car control went up by 1.")
    assert "20 matches before and 20 after" in found.words


def test_a_decline_is_told_too() -> None:
    scores = np.random.default_rng(2).normal(size=(40, 8))
    scores[20:, 0] -= 1.5
    found = effect(scores, after=20)
    assert found.verdict == Verdict.DECLINED
    assert found.words.startswith("Car control went down by 1.")


def test_a_good_week_in_everything_is_no_effect() -> None:
    scores = np.random.default_rng(3).normal(size=(40, 8))
    scores[20:] += 2
    found = effect(scores, after=20)
    assert found.verdict == Verdict.UNCLEAR
    assert "no change that we could tell from chance" in found.words


def test_noise_is_not_called_progress_though_the_weakest_was_practised() -> None:
    """600 players who don't change practise what looked weakest. By a plain interval far more would be 'improved'."""
    rng = np.random.default_rng(4)
    improved = declined = 0
    for _ in range(600):
        scores = rng.normal(size=(20, 8)) + 0.5 * rng.normal(size=8)
        weakest = NAMES[int(scores[:10].mean(axis=0).argmin())]
        found = effect(scores, after=10, chosen_by=[str(number) for number in range(10)], category=weakest)
        improved += found.verdict == Verdict.IMPROVED
        declined += found.verdict == Verdict.DECLINED
    assert improved / 600 < 0.05
    assert declined / 600 < 0.05


def test_matches_that_no_report_had_seen_come_first() -> None:
    scores = np.random.default_rng(5).normal(size=(30, 8))
    found = effect(scores, after=15, chosen_by=[str(number) for number in range(10)])
    assert (found.before, found.is_fresh) == (5, True)
    seen = effect(scores, after=15, chosen_by=[str(number) for number in range(12)])
    assert (seen.before, seen.is_fresh) == (15, False)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [(9, 3, "2 more matches after your third session"), (9, 4, "1 more match after"), (2, 9, "upload 3 more matches")],
)
def test_too_few_matches_say_how_many_more(before: int, after: int, words: str) -> None:
    found = effect(np.random.default_rng(6).normal(size=(before + after, 8)), after=after)
    assert found.verdict == Verdict.TOO_FEW_MATCHES
    assert words in found.words
    assert found.change is None


def test_too_few_sessions_say_how_many_more() -> None:
    matches = matches_of(np.zeros((20, 8)), after=10)
    found = _effect(Category.ROTATION, {"rotation": PRACTISED[:1]}, [], matches)
    assert (found.verdict, found.words) == (Verdict.TOO_FEW_SESSIONS, "Too early to tell: 2 more sessions first.")


def test_without_anything_unpractised_there_is_nothing_to_compare_with() -> None:
    matches = matches_of(np.zeros((20, 8)), after=10)
    found = _effect(Category.ROTATION, dict.fromkeys(NAMES, PRACTISED), [], matches)
    assert found.verdict == Verdict.NOTHING_TO_COMPARE
    del matches.scores["rotation"]  # type: ignore[attr-defined]
    unmeasured = _effect(Category.ROTATION, {"rotation": PRACTISED}, [], matches)
    assert unmeasured.words == "Rotation is not measured in this playlist."


class ScoresAsGiven:
    """A benchmark of which the scores are what the statistics say."""

    def category_scores(self, table: pd.DataFrame) -> pd.DataFrame:
        return table


@pytest.fixture
def scores_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmarks, "benchmark", lambda playlist, rank: ScoresAsGiven())
    monkeypatch.setattr(features, "feature_table", pd.DataFrame)


def play_and_practise(user: User, *, seed: int, gain: float, is_simulated: bool = False) -> None:
    """Ten matches, three sessions of shooting, ten matches."""
    account = PlatformAccount.objects.create(user=user, platform="steam", platform_id=f"7656119{user.pk:010d}")
    scores = np.random.default_rng(seed).normal(0, 0.3, size=(20, 8))
    scores[10:, NAMES.index(Category.SHOOTING)] += gain
    for number, row in enumerate(scores):
        when = START + timedelta(hours=number, days=11 if number >= 10 else 0)
        replay = ReplayFactory.create(played_at=when, is_simulated=is_simulated)
        ReplayOwner.objects.create(replay=replay, user=user)
        told = dict(zip(NAMES, row.tolist(), strict=True))
        ReplayPlayerFactory.create(replay=replay, platform_id=account.platform_id, statistics=told)
    for at in PRACTISED:
        TrainingSession.objects.create(
            user=user, category=Category.SHOOTING, status="done", done_at=at, planned_for=at.date(), minutes=20
        )


@pytest.mark.django_db
def test_a_players_own_matches_tell(
    alice: User, charlie: User, scores_as_given: None, django_assert_max_num_queries: Any
) -> None:
    play_and_practise(alice, seed=7, gain=1.0)
    report_of(alice)
    with django_assert_max_num_queries(4):
        (found,) = effects_of(alice, now=NOW)
    assert (found.category, found.verdict, found.sessions) == ("shooting", Verdict.IMPROVED, 3)
    assert not found.is_simulated
    assert effects_of(charlie, now=NOW) == ()
    assert effects_of(alice, now=START) == (), "nothing was practised by then"


@pytest.mark.django_db
def test_without_a_report_or_a_benchmark_nothing_is_told(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(playlist: str, rank: str) -> None:
        raise NoBenchmark("There is nobody to compare with.")

    play_and_practise(alice, seed=8, gain=0)
    assert effects_of(alice, now=NOW) == ()
    report_of(alice)
    monkeypatch.setattr(benchmarks, "benchmark", nobody)
    assert effects_of(alice, now=NOW) == ()


@pytest.mark.django_db
def test_effects_of_real_players_make_an_expectation(storage: Any, scores_as_given: None) -> None:
    for number, user in enumerate(UserFactory.create_batch(6)):
        play_and_practise(user, seed=number, gain=0.8, is_simulated=number == 5)
        report_of(user)
    SkillReport.objects.update(made_at=NOW)
    assert measure_effects() == 1
    (expected,) = expectations.kept().values()
    assert expected.players == 5, "simulated matches are no evidence"
    assert expected.low < 0.8 < expected.high
