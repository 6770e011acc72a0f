"""The page on skill has every feature as it is in the code."""

import re
from pathlib import Path

import pytest

from training.rocket_league.features import FEATURES, Feature

PAGE = (Path(__file__).parents[3] / "docs" / "models" / "skill.md").read_text(encoding="utf-8")
WAYS = {1: "more", -1: "less", 0: "context"}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_the_page_has_every_feature_as_it_is(feature: Feature) -> None:
    weight = f" ({feature.weight:g})" if feature.direction and feature.weight != 1 else ""
    cells = (
        f"`{feature.name}`",
        feature.category.label,
        feature.unit,
        WAYS[feature.direction] + weight,
        "yes" if feature.needs_team else "",
        ", ".join(f"`{source}`" for source in feature.sources),
    )
    assert f"| {' | '.join(cells)} |" in PAGE


def test_the_page_has_no_feature_that_there_is_not() -> None:
    assert len(re.findall(r"^\| `\w+` \|", PAGE, re.MULTILINE)) == len(FEATURES)
