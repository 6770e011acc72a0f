"""Coaches and platform accounts over HTTP: thin callers of the same verbs as the settings page."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import coaching, platforms
from accounts.api.linking import documentation as documented
from accounts.api.linking.serializers import (
    CoachGrantSerializer,
    OfferSerializer,
    PlatformAccountSerializer,
    StatedAccountSerializer,
)
from accounts.api.requests import SignedInRequest
from accounts.models import CoachGrant, PlatformAccount


@extend_schema_view(get=extend_schema(**documented.GRANTS))
class CoachGrantsView(generics.ListAPIView[CoachGrant]):
    """Who coaches you, whom you coach, and what is offered to you."""

    request: SignedInRequest
    serializer_class = CoachGrantSerializer
    queryset = CoachGrant.objects.none()

    def get_queryset(self) -> QuerySet[CoachGrant]:
        user = self.request.user
        offered = coaching.offers_to(user).values("pk")
        own = CoachGrant.objects.filter(Q(player=user) | Q(coach=user) | Q(pk__in=offered), withdrawn_at=None)
        return own.select_related("player", "coach")

    @extend_schema(**documented.OFFER)
    def post(self, request: SignedInRequest) -> Response:
        """Let whoever has an e-mail address coach you."""
        asked = OfferSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return _told(request, coaching.offer(request.user, **asked.validated_data), status=201)


class CoachGrantView(APIView):
    @extend_schema(**documented.WITHDRAW)
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        """End a grant, or an offer."""
        return _told(request, coaching.withdraw(request.user, pk))


class AcceptCoachGrantView(APIView):
    @extend_schema(**documented.ACCEPT)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Begin to coach who offered it to you."""
        return _told(request, coaching.accept(request.user, pk))


def _told(request: SignedInRequest, grant: CoachGrant, *, status: int = 200) -> Response:
    return Response(CoachGrantSerializer(grant, context={"request": request}).data, status=status)


@extend_schema_view(get=extend_schema(**documented.ACCOUNTS))
class PlatformAccountsView(generics.ListAPIView[PlatformAccount]):
    """Who you are on gaming platforms."""

    request: SignedInRequest
    serializer_class = PlatformAccountSerializer
    queryset = PlatformAccount.objects.none()

    def get_queryset(self) -> QuerySet[PlatformAccount]:
        return PlatformAccount.objects.filter(user=self.request.user)

    @extend_schema(**documented.STATE)
    def post(self, request: SignedInRequest) -> Response:
        """Say that an account is yours."""
        asked = StatedAccountSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        account = platforms.state(request.user, **asked.validated_data)
        return Response(PlatformAccountSerializer(account).data, status=201)


class PlatformAccountView(APIView):
    @extend_schema(**documented.REMOVE)
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        """Say that an account is not yours."""
        return Response(PlatformAccountSerializer(platforms.remove(request.user, pk)).data)
