"""What a player fills in about their practice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from matches.models import RankGroup
from training.models import Category, Drill, Recommendation, TrainingPack
from training.sessions import LONGEST_MINUTES, LONGEST_NOTES, Practice, today

if TYPE_CHECKING:
    from accounts.models import User

RATINGS = [(5, "5, very well"), (4, "4, well"), (3, "3, all right"), (2, "2, not well"), (1, "1, badly")]


class PracticeForm(forms.Form):
    """Names what is practised: a recommendation of one's own, a pack, a drill, or a category."""

    recommendation = forms.ModelChoiceField(Recommendation.objects.none(), required=False, widget=forms.HiddenInput)
    pack = forms.ModelChoiceField(TrainingPack.objects.filter(is_active=True), required=False, widget=forms.HiddenInput)
    drill = forms.ModelChoiceField(Drill.objects.filter(is_active=True), required=False, widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label="What you practise", choices=[("", "Choose one"), *Category.choices], required=False
    )

    def __init__(self, *args: Any, player: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Recommendation.objects.filter(report__user=player).select_related("report", "pack", "drill")
        field = self.fields["recommendation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = own

    @property
    def practice(self) -> Practice:
        return Practice(
            pack=self.cleaned_data["pack"],
            drill=self.cleaned_data["drill"],
            recommendation=self.cleaned_data["recommendation"],
            category=self.cleaned_data["category"],
        )


class PlanForm(PracticeForm):
    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, player: User, **kwargs: Any) -> None:
        super().__init__(*args, player=player, **kwargs)
        day: date = today(player)
        self.fields["on"].initial = day
        self.fields["on"].widget.attrs["min"] = day.isoformat()


class DoneForm(forms.Form):
    """How a session went."""

    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=LONGEST_MINUTES, initial=20)
    self_rating = forms.TypedChoiceField(
        label="How it went", choices=[("", "Not said"), *RATINGS], coerce=int, empty_value=None, required=False
    )
    notes = forms.CharField(
        max_length=LONGEST_NOTES, required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Notes"
    )


class LogForm(DoneForm, PracticeForm):
    """A session that was not planned."""

    field_order = ("category", "minutes", "self_rating", "notes")


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(choices=[(n, str(n)) for n in range(1, 6)], coerce=int)


class PracticeFilter(forms.Form):
    """What the list of packs and drills is narrowed to."""

    kind = forms.ChoiceField(
        required=False, label="Kind", choices=[("", "Packs and drills"), ("pack", "Packs"), ("drill", "Drills")]
    )
    category = forms.ChoiceField(required=False, label="Trains", choices=[("", "Everything"), *Category.choices])
    rank = forms.ChoiceField(required=False, label="Suits", choices=[("", "Every rank"), *RankGroup.choices])
    search = forms.CharField(required=False, label="Search", max_length=60)
