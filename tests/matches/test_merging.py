"""One team of two that are the same club."""

from datetime import date

import pytest

from matches.errors import TeamsDiffer
from matches.merging import merge_teams
from matches.models import Match, Team, TeamAlias
from matches.team_names import TeamNames
from tests.factories import MatchFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_its_matches_and_names_go_over() -> None:
    kept, doubled = TeamFactory.create(name="Man United"), TeamFactory.create(name="Manchester Utd")
    TeamAlias.objects.create(team=doubled, country="England", alias="ManU")
    MatchFactory.create(home=doubled)
    MatchFactory.create(away=doubled)
    MatchFactory.create(home=kept)
    assert merge_teams(doubled, into=kept) == 2
    assert Match.objects.of_team(kept).count() == 3
    assert not Team.objects.filter(name="Manchester Utd").exists()
    names = TeamNames("England")
    assert names.team("Manchester Utd") == names.team("ManU") == kept


def test_an_alias_that_meant_the_other_team_means_this_one() -> None:
    kept, doubled, third = TeamFactory.create(), TeamFactory.create(name="United"), TeamFactory.create()
    TeamAlias.objects.create(team=third, country="England", alias="United")
    merge_teams(doubled, into=kept)
    assert TeamAlias.objects.get().team == kept


@pytest.mark.parametrize("other", [{"country": "Spain"}, {"sport": "basketball"}, {"is_simulated": True}])
def test_teams_of_two_worlds_stay_two(other: dict[str, object]) -> None:
    with pytest.raises(TeamsDiffer, match="different countries, sports or worlds"):
        merge_teams(TeamFactory.create(**other), into=TeamFactory.create())
    assert Team.objects.count() == 2


def test_opponents_stay_two() -> None:
    match = MatchFactory.create()
    with pytest.raises(TeamsDiffer, match="have played each other"):
        merge_teams(match.home, into=match.away)


@pytest.mark.parametrize(("side", "other"), [("home", "away"), ("away", "home")])
def test_a_match_that_both_have_is_not_made_two(side: str, other: str) -> None:
    kept, doubled, opponent = TeamFactory.create(), TeamFactory.create(), TeamFactory.create()
    for team in (kept, doubled):
        MatchFactory.create(**{side: team, other: opponent}, date=date(2024, 2, 3))
    with pytest.raises(TeamsDiffer, match="delete one of the two matches first"):
        merge_teams(doubled, into=kept)
    assert Team.objects.filter(pk=doubled.pk).exists()


def test_a_team_is_not_merged_into_itself() -> None:
    team = TeamFactory.create()
    with pytest.raises(TeamsDiffer, match="there still"):
        merge_teams(team, into=team)
    assert Team.objects.filter(pk=team.pk).exists()
