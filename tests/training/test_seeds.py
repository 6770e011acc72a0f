"""What a new installation starts with."""

from __future__ import annotations

from collections import Counter

import pytest

from training.admin.practice import DrillForm, RankWindowForm
from training.models import Category, Drill, TrainingPack
from training.recommending.catalogue import LEVELS
from training.recommending.scoring import NO_PACK_TRAINS
from training.recommending.statistics import feature_named
from training.recommending.sub_skills import SHOWS_IN
from training.seeds import reading

PACKS, DRILLS = reading.packs(), reading.drills()


def test_there_are_enough_of_each() -> None:
    assert len(PACKS) >= 40
    assert len(DRILLS) >= 24
    drills = Counter(drill["category"] for drill in DRILLS)
    assert min(drills[category] for category in Category) >= 3
    assert min(drills[category] for category in ("rotation", "boost_management", "positioning", "game_sense")) >= 5
    assert {pack["category"] for pack in PACKS} == set(Category.values) - NO_PACK_TRAINS


@pytest.mark.django_db
def test_they_are_in_the_database_and_valid() -> None:
    assert TrainingPack.objects.count() == len(PACKS)
    assert Drill.objects.count() == len(DRILLS)
    seeded: list[TrainingPack | Drill] = [*TrainingPack.objects.all(), *Drill.objects.all()]
    for row in seeded:
        row.full_clean()
        assert LEVELS[row.easiest_rank] <= row.difficulty <= LEVELS[row.hardest_rank]
    assert not TrainingPack.objects.exclude(likes=0, plays=0).exists()


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: str(drill["slug"]))
def test_a_drill_moves_a_feature_of_its_own_category(drill: dict[str, str]) -> None:
    feature = feature_named(drill["moves_statistic"])
    assert feature is not None
    assert feature.category == drill["category"]
    assert feature.direction != 0
    assert bool(drill.get("needs_team")) >= feature.needs_team


def test_every_sub_skill_of_a_pack_is_known_and_shows_in_features_of_its_category() -> None:
    for pack in PACKS:
        assert pack["sub_skill"] in SHOWS_IN[pack["category"]], pack["name"]
    for category, skills in SHOWS_IN.items():
        for names in skills.values():
            found = [feature_named(name) for name in names]
            assert all(feature and feature.category == category and feature.direction for feature in found), names


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"easiest_rank": "grand-champion"}, ["hardest_rank"]),
        ({"difficulty": 8}, ["difficulty"]),
        ({"moves_statistic": "luck"}, ["moves_statistic"]),
        ({"steps": '"run"'}, ["steps"]),
    ],
)
def test_staff_are_told_what_no_drill_can_be(changes: dict[str, object], wrong: list[str]) -> None:
    class Form(DrillForm):
        class Meta:
            model = Drill
            fields = "__all__"

    asked = {**DRILLS[0], "slug": "another", "steps": '["Run."]', "is_active": True, **changes}
    assert issubclass(Form, RankWindowForm)
    assert list(Form(asked).errors) == wrong
