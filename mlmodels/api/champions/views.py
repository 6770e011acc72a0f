"""Models in service over HTTP."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mlmodels import loading
from mlmodels.api.champions import documentation as documented
from mlmodels.api.champions.serializers import LoadedSerializer, LoadSerializer, ProblemSerializer
from mlmodels.models import ModelVersion
from mlmodels.problem import Problem, get_problem, get_variant


class ModelsView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(**documented.MODELS)
    def get(self, request: Request) -> Response:
        """Every problem, and the model in service for it with its figures."""
        rows = [
            {
                "problem": problem.slug,
                "title": problem.title,
                "family": problem.family,
                "variant": problem.variant,
                "champion": champion,
            }
            for problem, champion in loading.champions()
        ]
        return Response(ProblemSerializer(rows, many=True).data)


class LoadView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.LOAD)
    def post(self, request: Request) -> Response:
        """Hold a problem's champion, or a version, in this process."""
        asked = LoadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        problem = _problem(told["problem"], told.get("stat", "")) if "problem" in told else None
        if problem is not None and "version" not in told:
            return Response(LoadedSerializer(loading.load_champion(problem)).data)
        version = get_object_or_404(ModelVersion, version=told["version"])
        return Response(LoadedSerializer(loading.load_version(version, problem)).data)


def _problem(name: str, variant: str) -> Problem:
    """By its slug, or by its family and which of it. Raises UnknownProblem."""
    return get_variant(name, variant) if variant else get_problem(name)
