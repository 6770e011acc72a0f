"""The rules of promotion, for staff; changed by the same verb as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from mlmodels import policies
from mlmodels.models import PromotionPolicy
from mlmodels.problem import all_problems

if TYPE_CHECKING:
    from accounts.models import User


class PolicyAdminForm(forms.ModelForm[PromotionPolicy]):
    problem = forms.ChoiceField()

    class Meta:
        model = PromotionPolicy
        fields = ("problem", "scope", *policies.CHANGEABLE)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        if isinstance(field := self.fields.get("problem"), forms.ChoiceField):
            field.choices = [(problem.slug, problem.title) for problem in all_problems()]


@admin.register(PromotionPolicy)
class PromotionPolicyAdmin(admin.ModelAdmin[PromotionPolicy]):
    form = PolicyAdminForm
    list_display = (
        "problem",
        "scope",
        "enabled",
        "minimum_pairs",
        "minimum_days",
        "minimum_improvement",
        "alpha",
        "require_approval",
        "updated_at",
    )
    list_filter = ("enabled", "require_approval")
    readonly_fields = ("updated_at", "updated_by")

    def get_readonly_fields(self, request: HttpRequest, obj: PromotionPolicy | None = None) -> tuple[str, ...]:
        """What a policy is about does not change: another problem has another one."""
        return ("problem", "scope", "updated_at", "updated_by") if obj else ("updated_at", "updated_by")

    def save_model(
        self, request: HttpRequest, obj: PromotionPolicy, form: forms.ModelForm[PromotionPolicy], change: bool
    ) -> None:
        values = {name: form.cleaned_data[name] for name in policies.CHANGEABLE if name in form.cleaned_data}
        saved = policies.change(obj.problem, values, by=cast("User", request.user), scope=obj.scope)
        obj.pk = saved.pk
