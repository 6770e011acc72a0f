"""From a report to recommendations: who gets what, why, and how it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Playlist, RankGroup
from tests.factories import DrillFactory, TrainingPackFactory
from tests.training.recommending.reporting import item_of, report_of, told
from training.models import Category, Drill, Recommendation, SkillReport, TrainingPack
from training.recommending import rating, recommend
from training.recommending.catalogue import LEVELS
from training.sessions import Practice, plan, today

pytestmark = pytest.mark.django_db


def test_the_weakness_comes_first(report: SkillReport) -> None:
    found = recommend(report)
    assert len(found.recommendations) == 5
    first = found.recommendations[0]
    assert first.category == Category.BOOST_MANAGEMENT
    assert first.drill is not None
    assert found.skill_level_detected == RankGroup.DIAMOND
    assert found.total_packs_evaluated == TrainingPack.objects.count() + Drill.objects.count()
    assert [row.place for row in Recommendation.objects.filter(report=report)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("rank", [rank for rank in RankGroup if rank != RankGroup.SUPERSONIC_LEGEND])
@pytest.mark.parametrize("weak", list(Category))
def test_every_weakness_of_every_rank_has_something_to_practise(alice: User, rank: str, weak: str) -> None:
    found = recommend(report_of(alice, weak=weak, rank_group=rank), store=False).recommendations
    assert found[0].category == weak
    assert len({(item.category, item.sub_skill) for item in map(item_of, found)}) >= 3
    for item in map(item_of, found):
        assert LEVELS[item.easiest_rank] <= LEVELS[rank] <= LEVELS[item.hardest_rank]


@pytest.mark.parametrize("weak", [Category.ROTATION, Category.BOOST_MANAGEMENT])
def test_no_pack_is_recommended_for_what_no_pack_trains(alice: User, weak: str) -> None:
    TrainingPackFactory.create(category=weak, sub_skill="anything", likes=500, plays=500)
    found = recommend(report_of(alice, weak=weak), max_recommendations=20).recommendations
    assert [row for row in found if row.category == weak]
    assert not [row for row in found if row.category == weak and row.pack]


def test_a_duel_player_is_sent_to_nothing_that_needs_a_team(alice: User) -> None:
    categories = {name: told() for name in Category.values if name != Category.ROTATION}
    report = report_of(alice, playlist=Playlist.RANKED_DUELS, categories=categories)
    found = recommend(report, max_recommendations=20).recommendations
    assert len(found) == 20
    assert not [row for row in found if row.category == Category.ROTATION or (row.drill and row.drill.needs_team)]


def test_what_was_not_measured_is_not_recommended(alice: User) -> None:
    unmeasured = {"score": None, "percentile": None, "probability": None}
    categories = {name: told() for name in Category.values} | {Category.SHOOTING.value: unmeasured}
    found = recommend(report_of(alice, categories=categories), max_recommendations=20).recommendations
    assert Category.SHOOTING not in {row.category for row in found}


def test_only_wished_categories_are_looked_at(report: SkillReport) -> None:
    found = recommend(report, categories=[Category.DEFENDING], store=False)
    assert {row.category for row in found.recommendations} == {Category.DEFENDING}
    packs = TrainingPack.objects.filter(category=Category.DEFENDING).count()
    assert found.total_packs_evaluated == packs + Drill.objects.filter(category=Category.DEFENDING).count()
    assert not Recommendation.objects.exists()


def test_another_level_is_another_window(report: SkillReport) -> None:
    found = recommend(report, skill_level="bronze", categories=[Category.AERIAL_ABILITY], store=False)
    assert (found.skill_level_detected, found.skill_level) == ("diamond", "bronze")
    assert {item_of(row).easiest_rank for row in found.recommendations} == {"bronze"}


@pytest.mark.parametrize(
    "wrong",
    [{"categories": ["juggling"]}, {"skill_level": "wood"}, {"max_recommendations": 0}, {"max_recommendations": 21}],
)
def test_what_there_is_not_is_refused(report: SkillReport, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"juggling|wood|From 1 to 20"):
        recommend(report, **wrong)


def test_the_same_again_writes_nothing(
    report: SkillReport, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before = recommend(report).recommendations
    with django_assert_max_num_queries(8) as queries:
        after = recommend(report).recommendations
    assert [row.pk for row in after] == [row.pk for row in before]
    assert not [query for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_stays_recommended_keeps_its_row(report: SkillReport, alice: User) -> None:
    before = recommend(report).recommendations
    disliked, kept = before[0], before[1]
    session = plan(alice, Practice(recommendation=kept), on=today(alice))
    assert disliked.drill is not None
    rating.rate(alice, disliked.drill, 1)
    after = recommend(report).recommendations
    assert disliked.drill not in [row.drill for row in after]
    assert [row.place for row in after] == [1, 2, 3, 4, 5]
    session.refresh_from_db()
    assert session.recommendation_id in {row.pk for row in after}
    assert sorted(Recommendation.objects.filter(report=report).values_list("pk", flat=True)) == sorted(
        row.pk for row in after
    )


def test_staff_retire_a_drill_and_it_is_gone(report: SkillReport) -> None:
    first = recommend(report).recommendations[0].drill
    assert first is not None
    first.is_active = False
    first.save()
    assert first not in [row.drill for row in recommend(report).recommendations]


def test_nothing_fits_and_nothing_is_recommended(report: SkillReport) -> None:
    assert recommend(report, categories=[], store=True).recommendations == ()


def test_a_new_drill_is_seen_at_once(report: SkillReport) -> None:
    recommend(report)
    made = DrillFactory.create(
        category=Category.BOOST_MANAGEMENT, difficulty=5, sub_skill="all new", moves_statistic="boost_collected"
    )
    assert made in [row.drill for row in recommend(report, max_recommendations=20).recommendations]
