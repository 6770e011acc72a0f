"""What visitors may filter pages by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone

from matches.models import Competition, Season
from predictions.reading.fixtures import football_competitions
from predictions.reading.statements import model_title
from predictions.reading.track_record import settled_algorithms


class LeagueField(forms.ModelChoiceField[Competition]):
    """A football competition by its code, with its country; empty for all."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Competition.objects.none(),
            to_field_name="code",
            required=False,
            empty_label="All leagues",
            label="League",
            error_messages={"invalid_choice": "There is no such league."},
        )

    def label_from_instance(self, obj: Competition) -> str:
        return f"{obj.country}: {obj.name}" + (" (simulated)" if obj.is_simulated else "")


class FromADay:
    """What forms with a first day (`since`) and a number of days give. Mixed into a form."""

    REACH: ClassVar[timedelta]
    REACH_IN_WORDS: ClassVar[str]
    cleaned_data: dict[str, Any]

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if abs(since - timezone.localdate()) > self.REACH:
            raise forms.ValidationError(
                f"That is too far away: choose a day within {self.REACH_IN_WORDS}.", code="too_far"
            )
        return since

    @property
    def first_day(self) -> date:
        since: date = self.cleaned_data["since"]
        return since

    @property
    def day_count(self) -> int:
        return int(self.cleaned_data["days"])


class FixtureFilter(FromADay, forms.Form):
    """League and days of the fixture list; what is left out has its default."""

    DAYS: ClassVar = ((3, "3 days"), (7, "7 days"), (14, "14 days"))
    DEFAULT_DAYS = 7
    REACH = timedelta(days=3660)
    REACH_IN_WORDS = "ten years"

    league = LeagueField()
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, required=False, label="Show")

    def __init__(self, query: QueryDict) -> None:
        defaults = {"since": timezone.localdate().isoformat(), "days": str(self.DEFAULT_DAYS)}
        super().__init__(defaults | {name: value for name, value in query.items() if value})
        self.fields["league"].queryset = football_competitions()  # type: ignore[attr-defined]  # a LeagueField

    @property
    def competition(self) -> Competition | None:
        league: Competition | None = self.cleaned_data["league"]
        return league


class RecordFilter(forms.Form):
    """League and model of the track record."""

    league = LeagueField()
    model = forms.ChoiceField(
        required=False, label="Model", error_messages={"invalid_choice": "Nothing of such a model was settled."}
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.fields["league"].queryset = football_competitions()  # type: ignore[attr-defined]  # a LeagueField
        known = [(name, model_title(name)) for name in settled_algorithms()]
        self.fields["model"].choices = [("", "All models"), *known]  # type: ignore[attr-defined]  # a ChoiceField


class SeasonChoice(forms.Form):
    """A season of one competition by its code; the latest where none is named."""

    season = forms.ChoiceField(
        label="Season",
        error_messages={"invalid_choice": "This league has no such season."},
        widget=forms.Select(attrs={"data-autosubmit": ""}),
    )

    def __init__(self, query: QueryDict, *, competition: Competition) -> None:
        self._seasons = {season.code: season for season in competition.seasons.select_related("competition")}
        super().__init__({"season": query.get("season") or next(iter(self._seasons), "")})
        self.fields["season"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (code, season.name) for code, season in self._seasons.items()
        ]

    @property
    def chosen(self) -> Season | None:
        """None where the competition has no such season, or none at all."""
        return self._seasons.get(self["season"].value())
