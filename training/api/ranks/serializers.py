"""The shape of `/api/ranks/`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from matches.models import RankGroup
from matches.rocket_league.stated_ranks import RANKED


class RanksSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """The rank that you say you have in each ranked playlist; null: you said none."""

    def get_fields(self) -> dict[str, Any]:
        return {
            playlist.value: serializers.ChoiceField(RankGroup.choices, allow_null=True, required=False)
            for playlist in RANKED
        }
