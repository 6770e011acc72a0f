"""Each recommendation says why, by a statistic and its percentile, and claims no more than was measured."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from tests.factories import DrillFactory, TrainingPackFactory
from tests.training.recommending.reporting import item_of, report_of, told
from training.models import Category, SkillReport
from training.recommending import expectations, recommend
from training.recommending.needs import needs
from training.recommending.reasons import reason

pytestmark = pytest.mark.django_db


def test_the_weak_statistic_and_its_percentile_are_named(report: SkillReport) -> None:
    drill = DrillFactory.create(category=Category.BOOST_MANAGEMENT, moves_statistic="boost_collected", name="Laps")
    assert reason(report, drill, needs(report)) == (
        "In boost collected per minute you are below 82 % of Diamond players (18th percentile): Laps works on that."
    )


def test_where_less_is_better_it_says_so(report: SkillReport) -> None:
    drill = DrillFactory.create(category=Category.BOOST_MANAGEMENT, moves_statistic="empty_share", name="Review")
    assert reason(report, drill, needs(report)) == (
        "In time without boost you do worse than 81 % of Diamond players (19th percentile; less is better): "
        "Review works on that."
    )


def test_what_is_not_weak_is_not_called_weak(report: SkillReport) -> None:
    pack = TrainingPackFactory.create(sub_skill="ground shots", name="Shots")
    assert reason(report, pack, needs(report)) == (
        "In shots per 5 minutes you are at the 62nd percentile of Diamond players: Shots works on that."
    )


def test_what_no_statistic_shows_is_not_claimed(report: SkillReport) -> None:
    pack = TrainingPackFactory.create(category=Category.MECHANICAL, sub_skill="flicks", name="Flicks")
    assert reason(report, pack, needs(report)) == (
        "In car control you are at the 50th percentile of Diamond players: "
        "Flicks trains flicks, which is part of car control."
    )


@pytest.mark.parametrize(
    ("benchmark", "words"),
    [
        ({"is_simulated": True}, "of simulated Diamond players"),
        ({"is_interpolated": True}, "of Diamond players, interpolated from the ranks next to it"),
    ],
)
def test_made_up_players_are_called_so(alice: User, benchmark: dict[str, Any], words: str) -> None:
    report = report_of(alice, benchmark=benchmark)
    drill = DrillFactory.create(category=Category.BOOST_MANAGEMENT, moves_statistic="boost_collected")
    assert words in reason(report, drill, needs(report))


def test_every_seeded_item_gets_a_sentence_with_a_percentile(alice: User) -> None:
    for weak in Category:
        for row in recommend(report_of(alice, weak=weak), max_recommendations=20, store=False).recommendations:
            assert "percentile" in row.reasoning
            assert item_of(row).name in row.reasoning
            assert len(row.reasoning) <= 400


def test_needs_are_relative_to_the_neediest(alice: User) -> None:
    """Raw: 0.5 * 0.6 + 0.5 * 0.5 = 0.55 and 0.5 * 0.11 + 0 = 0.055."""
    categories = {"shooting": told(score=-1.0, probability=0.6), "defending": told(score=0.4, probability=0.11)}
    found = needs(report_of(alice, categories=categories, features={}))
    assert found.categories == pytest.approx({"shooting": 1.0, "defending": 0.1})


def test_of_an_even_player_everything_is_worth_as_much(alice: User) -> None:
    categories = {name: told(probability=0.0) for name in ("shooting", "defending")}
    assert set(needs(report_of(alice, categories=categories)).categories.values()) == {1.0}


def test_shortfalls_follow_what_is_better(report: SkillReport) -> None:
    found = needs(report).shortfalls
    assert found["boost_collected"] == pytest.approx(0.45)
    assert found["empty_share"] == pytest.approx(0.45)
    assert found["shots"] == 0


def test_nothing_is_promised_that_was_not_measured(report: SkillReport) -> None:
    expected = recommend(report).recommendations[0].estimated_improvement
    assert set(expected) == {"statistic", "low", "expected", "high", "unit", "evidence"}
    assert (expected["low"], expected["expected"], expected["high"]) == (None, None, None)
    assert expected["evidence"].startswith("no measurements yet")


def test_what_was_measured_is_told_with_its_evidence(report: SkillReport) -> None:
    measured = expectations.averaged({"boost_management": [0.1, 0.2, 0.3, 0.4, 0.5], "rotation": [0.9] * 4})
    assert set(measured) == {"boost_management"}
    expectations.keep(measured)
    told_of = recommend(report).recommendations[0].estimated_improvement
    assert told_of == {
        "statistic": "Boost management",
        "low": 0.1,
        "expected": 0.3,
        "high": 0.5,
        "unit": "sd of players of the rank",
        "evidence": "5 players measured",
    }
