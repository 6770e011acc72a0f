"""Stated ranks over HTTP."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from matches.models import Playlist
from matches.rocket_league import stated_ranks
from training.api.ranks import documentation as documented
from training.api.ranks.serializers import RanksSerializer


class RanksView(APIView):
    """The ranks that the person who asks stated."""

    @extend_schema(**documented.RANKS)
    def get(self, request: SignedInRequest) -> Response:
        """The ranks that you stated, by playlist."""
        return Response(stated_ranks.stated(request.user))

    @extend_schema(**documented.STATE)
    def patch(self, request: SignedInRequest) -> Response:
        """State your rank in one playlist or several."""
        asked = RanksSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        said = {Playlist(playlist): rank for playlist, rank in asked.validated_data.items()}
        return Response(stated_ranks.state(request.user, said))
