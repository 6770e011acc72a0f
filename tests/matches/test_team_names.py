"""Two sources meet on one team: by staff's word, by name, by what is known."""

import pytest

from matches.errors import RowRefused
from matches.known_aliases import ALIASES, names_by_alias
from matches.models import Team, TeamAlias
from matches.team_names import TeamNames
from tests.factories import TeamFactory


@pytest.mark.django_db
class TestTeamNames:
    def test_a_name_that_nobody_knows_is_a_new_team(self) -> None:
        team = TeamNames("England").team("Barnet")
        assert (team.name, team.slug, team.country) == ("Barnet", "england-barnet", "England")

    def test_a_name_is_known_in_any_case(self) -> None:
        assert TeamNames("England").team("Barnet") == TeamNames("England").team("BARNET")

    def test_what_other_sources_call_a_team_is_written_down(self) -> None:
        names = TeamNames("England")
        assert names.team("Manchester United FC") == names.team("Man United") == names.team("Man Utd")
        assert Team.objects.get().name == "Man United"
        assert set(TeamAlias.objects.values_list("alias", flat=True)) == {"Manchester United FC", "Man Utd"}

    def test_staff_have_the_last_word_on_what_a_name_means(self) -> None:
        other = TeamFactory.create(name="Manchester Reds")
        TeamAlias.objects.create(team=other, country="England", alias="Manchester United FC")
        assert TeamNames("England").team("manchester united fc") == other

    def test_clubs_of_one_name_in_two_countries_are_two(self) -> None:
        assert TeamNames("England").team("Everton") != TeamNames("Chile").team("Everton")
        assert Team.objects.count() == 2

    def test_names_that_differ_in_accents_only_are_one_team(self) -> None:
        assert TeamNames("Spain").team("Cartagena Fé") == TeamNames("Spain").team("Cartagena Fe")

    @pytest.mark.parametrize("name", ["", "???", "x" * 81])
    def test_what_is_no_name_is_refused(self, name: str) -> None:
        with pytest.raises(RowRefused, match="is not the name of a team"):
            TeamNames("England").team(name)
        assert not Team.objects.exists()


@pytest.mark.parametrize("country", ALIASES)
def test_no_alias_means_two_teams_or_hides_one(country: str) -> None:
    known = [alias.casefold() for aliases in ALIASES[country].values() for alias in aliases]
    assert len(known) == len(set(known)) == len(names_by_alias(country))
    assert not set(known) & {name.casefold() for name in ALIASES[country]}
