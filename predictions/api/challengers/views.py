"""Champions and challengers over HTTP. Thin callers of `deciding` and `policies`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from mlmodels import policies
from mlmodels.api.problems import asked_problem
from mlmodels.models import ModelVersion, Promotion
from predictions.api.challengers import documentation as documented
from predictions.api.challengers.serializers import (
    ApprovalSerializer,
    BoardSerializer,
    ChangePromotionPolicySerializer,
    DecisionSerializer,
    PromotionPolicySerializer,
    RejectionSerializer,
    StandingSerializer,
)
from predictions.challenging import deciding
from predictions.reading import challengers


class ChallengersView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.BOARD)
    def get(self, request: Request) -> Response:
        """How the challengers of a problem stand against its champion, from the settlements as they are now."""
        return Response(BoardSerializer(challengers.board(asked_problem(request))).data)


class ChallengerView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.STANDING)
    def get(self, request: Request, version: str) -> Response:
        """How one challenger stands."""
        found = get_object_or_404(ModelVersion.objects.without_weights(), version=version)
        return Response(StandingSerializer(challengers.row_with_origin(deciding.stand(found))).data)


@extend_schema_view(get=extend_schema(**documented.DECISIONS))
class DecisionsView(generics.ListAPIView[Promotion]):
    """Every decision about a version, latest first."""

    permission_classes = (IsAdminUser,)
    serializer_class = DecisionSerializer

    def get_queryset(self) -> QuerySet[Promotion]:
        if getattr(self, "swagger_fake_view", False):
            return Promotion.objects.none()
        version = get_object_or_404(ModelVersion, version=self.kwargs["version"])
        return Promotion.objects.filter(version=version).select_related("version", "previous_champion", "decided_by")


class DecideView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.DECIDE)
    def post(self, request: SignedInRequest, version: str) -> Response:
        """Do now what the daily look does; decided already, the earlier decision is given."""
        return Response(DecisionSerializer(deciding.decide(_version(version))).data)


class ApproveView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.APPROVE)
    def post(self, request: SignedInRequest, version: str) -> Response:
        """Promote a proposed challenger."""
        asked = ApprovalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = deciding.approve(_version(version), by=request.user, **asked.validated_data)
        return Response(DecisionSerializer(made).data)


class RejectView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.REJECT)
    def post(self, request: SignedInRequest, version: str) -> Response:
        """Put a challenger away."""
        asked = RejectionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = deciding.reject(_version(version), by=request.user, **asked.validated_data)
        return Response(DecisionSerializer(made).data)


class PolicyView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.POLICY)
    def get(self, request: Request) -> Response:
        """By which rule challengers of a problem are decided about."""
        return Response(PromotionPolicySerializer(policies.policy_of(asked_problem(request).slug)).data)

    @extend_schema(**documented.CHANGE_POLICY)
    def patch(self, request: SignedInRequest) -> Response:
        """Change some of it."""
        asked = ChangePromotionPolicySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values: dict[str, Any] = asked.validated_data
        return Response(
            PromotionPolicySerializer(policies.change(asked_problem(request).slug, values, by=request.user)).data
        )


def _version(name: str) -> ModelVersion:
    return get_object_or_404(ModelVersion, version=name)
