"""Packs, drills, sessions and feedback over HTTP. Thin callers of `training.sessions` and `training.recommending`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import coaching
from accounts.api.requests import SignedInRequest
from accounts.models import User
from training import sessions
from training.api.practice import documentation as documented
from training.api.practice import filters, serializers
from training.models import Drill, PackFeedback, TrainingPack, TrainingSession
from training.recommending import rating

SHOWN = ("pack", "drill")
LONGEST_ID = 18
"""Digits; no id is longer."""


@extend_schema_view(get=extend_schema(**documented.PACKS))
class PacksView(generics.ListAPIView[TrainingPack]):
    """Training packs on offer, by code."""

    queryset = serializers.PACKS
    serializer_class = serializers.TrainingPackSerializer
    filterset_class = filters.PackFilters
    ordering = "code"


@extend_schema_view(get=extend_schema(**documented.PACK))
class PackView(generics.RetrieveAPIView[TrainingPack]):
    """One training pack."""

    queryset = serializers.PACKS
    serializer_class = serializers.TrainingPackSerializer
    lookup_field = "code"


@extend_schema_view(get=extend_schema(**documented.DRILLS))
class DrillsView(generics.ListAPIView[Drill]):
    """Drills on offer, by slug."""

    queryset = serializers.DRILLS
    serializer_class = serializers.DrillSerializer
    filterset_class = filters.DrillFilters
    ordering = "slug"


@extend_schema_view(get=extend_schema(**documented.DRILL))
class DrillView(generics.RetrieveAPIView[Drill]):
    """One drill, step by step."""

    queryset = serializers.DRILLS
    serializer_class = serializers.DrillSerializer
    lookup_field = "slug"


class SessionsView(generics.ListAPIView[TrainingSession]):
    """A person's sessions, the latest day first."""

    queryset = TrainingSession.objects.none()
    serializer_class = serializers.TrainingSessionSerializer
    filterset_class = filters.SessionFilters
    ordering = ("-planned_for", "-pk")

    def get_queryset(self) -> QuerySet[TrainingSession]:
        return TrainingSession.objects.of(_player(self.request)).select_related(*SHOWN)

    @extend_schema(**documented.SESSIONS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sessions of yours, or of a player who lets you coach them."""
        return super().get(request, *args, **kwargs)

    @extend_schema(**documented.PLAN)
    def post(self, request: SignedInRequest) -> Response:
        """Plan a session; the same thing on the same day already is that session."""
        asked = serializers.PlanSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        told = dict(asked.validated_data)
        planned = sessions.plan(request.user, told.pop("practice"), on=told.pop("planned_for"), **told)
        return Response(_told(planned), status=201)


class LogView(APIView):
    @extend_schema(**documented.LOG)
    def post(self, request: SignedInRequest) -> Response:
        """Write down a session that was not planned."""
        asked = serializers.LogSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        told = dict(asked.validated_data)
        return Response(_told(sessions.log(request.user, told.pop("practice"), **told)), status=201)


class SessionView(APIView):
    @extend_schema(**documented.SESSION)
    def get(self, request: SignedInRequest, pk: int) -> Response:
        """One session of yours, or of a player who lets you coach them."""
        session = get_object_or_404(TrainingSession.objects.select_related("user", *SHOWN), pk=pk)
        if not coaching.may_see(request.user, session.user):
            raise Http404
        return Response(_told(session))

    @extend_schema(**documented.REMOVE)
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        """Delete a session of yours, such as one written down by mistake."""
        sessions.remove(_own(request, pk))
        return Response(status=204)


class CompleteView(APIView):
    @extend_schema(**documented.COMPLETE)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Mark a planned session of yours as done."""
        session = _own(request, pk)
        asked = serializers.CompleteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(_told(sessions.complete(session, **asked.validated_data)))


class SkipView(APIView):
    @extend_schema(**documented.SKIP)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Let a planned session of yours go."""
        return Response(_told(sessions.skip(_own(request, pk))))


class FeedbackListView(generics.ListAPIView[PackFeedback]):
    """What a person said of packs and drills, the latest entry first."""

    queryset = PackFeedback.objects.none()
    serializer_class = serializers.FeedbackSerializer

    def get_queryset(self) -> QuerySet[PackFeedback]:
        return _feedback(self.request)

    @extend_schema(**documented.FEEDBACK)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What you said of packs and drills."""
        return super().get(request, *args, **kwargs)

    @extend_schema(**documented.RATE)
    def post(self, request: SignedInRequest) -> Response:
        """Rate a pack or drill; once more replaces what you said."""
        asked = serializers.RateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = rating.rate(request.user, **asked.validated_data)
        return Response(serializers.FeedbackSerializer(given).data, status=201)


class FeedbackView(APIView):
    @extend_schema(**documented.TAKE_BACK)
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        """Take back what you said of a pack or drill."""
        get_object_or_404(_feedback(request), pk=pk).delete()
        return Response(status=204)


def _feedback(request: Any) -> QuerySet[PackFeedback]:
    return PackFeedback.objects.filter(user=request.user).select_related(*SHOWN)


def _player(request: Any) -> User:
    """Whose sessions are asked for: one's own, unless `?user_id=` names somebody whom one may see."""
    asked = request.query_params.get("user_id")
    if asked is None:
        player: User = request.user
        return player
    if not asked.isdecimal() or len(asked) > LONGEST_ID:
        raise Http404
    player = get_object_or_404(User, pk=int(asked))
    if not coaching.may_see(request.user, player):
        raise Http404
    return player


def _own(request: SignedInRequest, pk: int) -> TrainingSession:
    return get_object_or_404(TrainingSession.objects.of(request.user).select_related(*SHOWN), pk=pk)


def _told(session: TrainingSession) -> Any:
    return serializers.TrainingSessionSerializer(session).data
