"""What visitors may filter the pages of player props by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from matches.models import Match, Sport, Statistic, Team
from predictions.basketball.table import basketball
from predictions.forms import FromADay

STRANGE_STATISTIC = {"invalid_choice": "There is no such statistic."}


class TeamField(forms.ModelChoiceField[Team]):
    """A basketball team by its key in addresses; empty for all."""

    def __init__(self, *, empty_label: str = "All teams") -> None:
        super().__init__(
            queryset=Team.objects.none(),
            to_field_name="slug",
            required=False,
            empty_label=empty_label,
            label="Team",
            error_messages={"invalid_choice": "There is no such team."},
        )


class GameField(forms.ModelChoiceField[Match]):
    """A game to come; empty for all."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Match.objects.none(),
            required=False,
            empty_label="All games",
            label="Game",
            error_messages={"invalid_choice": "There is no such game to come."},
        )

    def label_from_instance(self, obj: Match) -> str:
        return f"{timezone.localtime(obj.kickoff):%-d %b}: {obj.away.name} at {obj.home.name}"


class StatisticFilter(forms.Form):
    """The statistic; points where none is named."""

    stat = forms.ChoiceField(choices=Statistic.choices, label="Statistic", error_messages=STRANGE_STATISTIC)

    def __init__(self, query: QueryDict) -> None:
        super().__init__({"stat": Statistic.POINTS.value} | {name: value for name, value in query.items() if value})


class BoardFilter(FromADay, forms.Form):
    """Statistic, days, team and game of the board; what is left out has its default."""

    DAYS: ClassVar = ((1, "1 day"), (2, "2 days"), (3, "3 days"), (7, "7 days"))
    DEFAULT_DAYS = 1
    REACH = timedelta(days=366)
    REACH_IN_WORDS = "a year"
    AHEAD = timedelta(days=14)
    """Games within so many days may be chosen one by one."""

    stat = forms.ChoiceField(choices=Statistic.choices, label="Statistic", error_messages=STRANGE_STATISTIC)
    team = TeamField()
    game = GameField()
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, required=False, label="Show")

    def __init__(self, query: QueryDict) -> None:
        defaults = {
            "stat": Statistic.POINTS.value,
            "since": next_day().isoformat(),
            "days": str(self.DEFAULT_DAYS),
        }
        super().__init__(defaults | {name: value for name, value in query.items() if value})
        self.fields["team"].queryset = teams()  # type: ignore[attr-defined]  # a TeamField
        games = basketball().upcoming(timezone.now()).with_names().order_by("kickoff", "pk")
        self.fields["game"].queryset = games.filter(kickoff__lt=timezone.now() + self.AHEAD)  # type: ignore[attr-defined]  # a GameField

    @property
    def chosen_team(self) -> Team | None:
        team: Team | None = self.cleaned_data["team"]
        return team

    @property
    def chosen_game(self) -> Match | None:
        game: Match | None = self.cleaned_data["game"]
        return game


class PlayerSearch(forms.Form):
    """A name, or part of one, and a team."""

    q = forms.CharField(
        required=False,
        max_length=100,
        label="Name",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    team = TeamField(empty_label="Any team")

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.fields["team"].queryset = teams()  # type: ignore[attr-defined]  # a TeamField

    @property
    def chosen_team(self) -> Team | None:
        team: Team | None = self.cleaned_data["team"]
        return team


class PlayerFilter(forms.Form):
    """Statistic and number of games of a player's page."""

    GAMES: ClassVar = (("20", "20 games"), ("40", "40 games"))
    DEFAULTS: ClassVar = {"stat": Statistic.POINTS.value, "games": "20"}

    stat = forms.ChoiceField(choices=Statistic.choices, error_messages=STRANGE_STATISTIC)
    games = forms.ChoiceField(choices=GAMES)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(self.DEFAULTS | {name: value for name, value in query.items() if value})


def next_day() -> date:
    """The first day from today on that has a game to come; today where none is known."""
    coming = basketball().upcoming(timezone.now()).order_by("kickoff").values_list("kickoff", flat=True).first()
    return timezone.localdate(coming) if coming else timezone.localdate()


def teams() -> QuerySet[Team]:
    """Basketball teams that may be chosen, by name."""
    return Team.objects.filter(sport=Sport.BASKETBALL).order_by("name", "pk")
