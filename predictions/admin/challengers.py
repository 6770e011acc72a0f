"""Proposals that wait for an answer, for staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.evidence import EvidenceAdmin
from mlmodels.errors import ModelError
from mlmodels.models import Promotion
from predictions.challenging import deciding
from predictions.challenging.evidence import e_value, percent
from predictions.models import Proposal

if TYPE_CHECKING:
    from accounts.models import User

REASON = "Rejected in the admin"


@admin.register(Proposal)
class ProposalAdmin(EvidenceAdmin[Proposal]):
    """Only what still waits; what was answered is among the promotions."""

    list_display = ("version", "created_at", "pairs", "improvement", "evidence_value", "reason")
    list_select_related = ("version",)
    actions = ("approve", "reject")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return super().get_queryset(request).filter(pk__in=Promotion.objects.waiting().values("pk"))

    def view_on_site(self, obj: Proposal) -> str:
        return reverse("predictions:challenger", args=[obj.version.version])

    @admin.display(description="pairs")
    def pairs(self, proposal: Proposal) -> str:
        return f"{proposal.evidence.get('n', 0):,}"

    @admin.display(description="improvement")
    def improvement(self, proposal: Proposal) -> str:
        return percent(proposal.evidence.get("relative_improvement"))

    @admin.display(description="e-value")
    def evidence_value(self, proposal: Proposal) -> str:
        return e_value(proposal.evidence.get("e_value", 1.0))

    @admin.action(description="Approve: make champion", permissions=["act"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        self._each(request, queryset, deciding.approve, "Done: {} is champion.")

    @admin.action(description="Reject: archive the challenger", permissions=["act"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        self._each(request, queryset, deciding.reject, "Done: {} is rejected and archived.", reason=REASON)

    def _each(
        self, request: HttpRequest, proposals: QuerySet[Proposal], verb: Callable[..., Any], done: str, **said: str
    ) -> None:
        for proposal in proposals.select_related("version"):
            try:
                verb(proposal.version, by=cast("User", request.user), **said)
            except ModelError as error:
                self.message_user(request, f"Refused: {error}", messages.ERROR)
            else:
                self.message_user(request, done.format(proposal.version), messages.SUCCESS)
