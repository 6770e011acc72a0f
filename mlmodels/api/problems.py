"""Which problem a request is about."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from mlmodels.errors import UnknownProblem
from mlmodels.problem import Problem, all_problems, get_problem


def asked_problem(request: Request) -> Problem:
    """The problem of `?problem=`, or the default one. Raises UnknownProblem."""
    slug = request.query_params.get("problem")
    return get_problem(slug) if slug else default_problem()


def default_problem() -> Problem:
    """The problem meant where a client names none: the first by slug. Raises UnknownProblem where there is none."""
    problems = all_problems()
    if not problems:
        raise UnknownProblem("This installation has no problem to train a model for.")
    return problems[0]


@extend_schema_field(OpenApiTypes.STR)
class ProblemField(serializers.Field[Problem, str, str, Any]):
    """The slug of an installed problem; its value is the problem. Left out, it is the first by slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=default_problem, help_text=self.__doc__, **kwargs)

    def to_internal_value(self, data: str) -> Problem:
        try:
            return get_problem(str(data))
        except UnknownProblem as error:
            raise serializers.ValidationError(str(error)) from None

    def to_representation(self, value: Problem) -> str:
        return value.slug
