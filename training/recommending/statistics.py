"""What is known of a feature by its name, where there still is one of that name."""

from __future__ import annotations

from training.models import Category
from training.rocket_league.features import BY_NAME, Feature, features_of

PER = {"per min": "per minute", "per 5 min": "per 5 minutes", "per s": "per second"}


def feature_named(name: str) -> Feature | None:
    return BY_NAME.get(name)


def direction_of(name: str) -> int:
    """+1 where more is better, -1 where less is, 0 for what is not scored or not known any more."""
    feature = feature_named(name)
    return feature.direction if feature else 0


def scored_features(category: str) -> tuple[str, ...]:
    return tuple(feature.name for feature in features_of(Category(category)))


def in_words(feature: Feature) -> str:
    """Such as `boost collected per minute`."""
    title = feature.title[0].lower() + feature.title[1:]
    return f"{title} {PER[feature.unit]}" if feature.unit in PER else title
