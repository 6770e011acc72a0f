"""Bringing replays in, following and reading them. Thin callers of the same verbs as the pages."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, UserRateThrottle
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from matches.api.replays import documentation as documented
from matches.api.replays.filters import ReplayFilters
from matches.api.replays.serializers import ReceivedSerializer, ReplayDetailSerializer, ReplaySerializer
from matches.models import Replay, ReplayPlayer
from matches.rocket_league import replays


class ReplayThrottle(UserRateThrottle):
    """Reading a replay costs seconds of a processor, so people send fewer than they may read."""

    scope = "replays"


@extend_schema_view(get=extend_schema(**documented.LIST))
class ReplaysView(generics.ListAPIView[Replay]):
    """Your replays, or those of a player whom you coach, the last received first."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (MultiPartParser,)
    queryset = Replay.objects.none()
    serializer_class = ReplaySerializer
    filterset_class = ReplayFilters
    ordering = ("-received_at", "-pk")

    def get_queryset(self) -> QuerySet[Replay]:
        player = replays.player_shown_to(self.request.user, self.request.query_params.get("user", ""))
        if player is None:
            raise Http404
        return replays.brought_by(player)

    def get_throttles(self) -> list[BaseThrottle]:
        own = [ReplayThrottle()] if self.request.method == "POST" else []
        return [*super().get_throttles(), *own]

    @extend_schema(**documented.UPLOAD)
    def post(self, request: SignedInRequest) -> Response:
        """Bring in one or several replays; each is read in the background, once, whoever brings it."""
        files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
        if not files:
            raise ValidationError({"file": ["Attach one or several replays as multipart form data, each as `file`."]})
        received = [
            replays.receive(file, filename=file.name or "", user=request.user, source=Replay.Source.API)
            for file in files
        ]
        return Response([ReceivedSerializer(each).data for each in received], status=202)


@extend_schema_view(get=extend_schema(**documented.DETAIL))
class ReplayView(generics.RetrieveAPIView[Replay]):
    """A replay with its players and what was counted of each."""

    permission_classes = (IsAuthenticated,)
    serializer_class = ReplayDetailSerializer

    def get_queryset(self) -> QuerySet[Replay]:
        players = Prefetch("players", ReplayPlayer.objects.order_by("side", "pk"))
        return replays.visible_to(self.request.user).prefetch_related(players)

    @extend_schema(**documented.DELETE)
    def delete(self, request: SignedInRequest, pk: str) -> Response:
        """Give a replay of yours up; it goes for good where nobody else brought it in too."""
        replays.remove(_own(request, pk), request.user)
        return Response(status=204)


class RetryView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(**documented.RETRY)
    def post(self, request: SignedInRequest, pk: str) -> Response:
        """Have a replay of yours that could not be read tried again."""
        replays.retry(_own(request, pk))
        return Response(ReplaySerializer(_own(request, pk)).data, status=202)


def _own(request: SignedInRequest, pk: str) -> Replay:
    return get_object_or_404(replays.brought_by(request.user), pk=pk)
