"""Naming a match or a pairing: what is found, and each refusal in its words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from matches.models import Match, Sport, Team, TeamAlias
from predictions.errors import UnknownSubject
from predictions.football import naming
from tests.factories import CompetitionFactory, MatchFactory, SeasonFactory, TeamFactory

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 2)
PAIRING = {"home": "Arsenal", "away": "Chelsea", "date": "2024-03-30"}


@pytest.fixture
def match() -> Match:
    arsenal = TeamFactory.create(name="Arsenal", slug="england-arsenal")
    chelsea = TeamFactory.create(name="Chelsea", slug="england-chelsea")
    TeamAlias.objects.create(team=chelsea, country="England", alias="The Blues")
    return MatchFactory.create(home=arsenal, away=chelsea, date=DAY)


def refused(reference: Mapping[str, Any]) -> str:
    with pytest.raises(UnknownSubject) as refusal:
        naming.fixture(reference)
    return str(refusal.value)


@pytest.mark.parametrize("as_text", [True, False])
def test_a_match_is_found_by_its_number(match: Match, as_text: bool) -> None:
    found = naming.fixture({"match": str(match.pk) if as_text else match.pk})
    assert (found.match_id, found.competition, found.season) == (match.pk, "E0", "2324")
    assert (found.home, found.away, found.date, found.kickoff) == (
        "england-arsenal",
        "england-chelsea",
        DAY,
        match.kickoff,
    )


@pytest.mark.parametrize("name", ["england-chelsea", "Chelsea", "chelsea", "The Blues", "the blues"])
def test_a_team_is_found_by_slug_name_or_alias_however_it_is_written(match: Match, name: str) -> None:
    assert naming.fixture({**PAIRING, "away": name}).away == "england-chelsea"


def test_a_pairing_that_is_listed_is_that_match(match: Match) -> None:
    assert naming.fixture({**PAIRING, "date": DAY.isoformat()}) == naming.of_match(match)
    assert naming.fixture({**PAIRING, "date": DAY}).match_id == match.pk


def test_a_pairing_that_no_list_has_kicks_off_at_noon_in_the_season_of_its_day(match: Match) -> None:
    competition = CompetitionFactory.create()
    SeasonFactory.create(competition=competition, code="2425", starts_on=date(2024, 7, 1), ends_on=date(2025, 6, 30))
    found = naming.fixture(PAIRING)
    assert (found.match_id, found.season) == (None, "2324")
    assert found.kickoff == datetime(2024, 3, 30, 12, tzinfo=UTC)
    assert naming.fixture({**PAIRING, "date": "2024-09-01"}).season == "2425"


def test_a_reference_finds_its_fixture_again(match: Match) -> None:
    for named in ({"match": match.pk}, PAIRING, {**PAIRING, "home": "Nobody Rovers", "competition": "E0"}):
        found = naming.fixture(named)
        assert naming.fixture(naming.reference(found)) == found


def test_a_team_nobody_knows_is_a_newcomer_where_the_competition_is_named(match: Match) -> None:
    found = naming.fixture({**PAIRING, "home": "Nobody Rovers", "competition": "E0"})
    assert (found.home, found.competition) == ("nobody-rovers", "E0")


def test_without_a_competition_it_is_the_one_the_teams_played_in_last(match: Match) -> None:
    cup = SeasonFactory.create(
        competition=CompetitionFactory.create(code="E1", name="Championship"), starts_on=date(2020, 7, 1)
    )
    MatchFactory.create(season=cup, home=match.home, away=match.away, date=date(2020, 9, 1))
    assert naming.fixture(PAIRING).competition == "E0"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({"match": "first"}, "'first' is not the number of a match"),
        ({"match": "-1"}, "'-1' is not the number of a match"),
        ({"match": 987654}, "There is no football match 987654"),
        ({}, "home, away, date is missing"),
        ({"match": ""}, "home, away, date is missing"),
        ({**PAIRING, "away": ""}, "away is missing"),
        ({**PAIRING, "date": "30.3.2024"}, "'30.3.2024' is not a date: write it as"),
        ({**PAIRING, "date": "2024-02-30"}, "'2024-02-30' is not a date"),
        ({**PAIRING, "home": "!!!"}, "'!!!' is not a team's name"),
        ({**PAIRING, "away": "arsenal"}, "Arsenal can't play against itself"),
        ({**PAIRING, "competition": "X9"}, "There is no football competition X9"),
        ({**PAIRING, "away": "Nobody"}, "No team is called Nobody. Name the competition"),
        ({**PAIRING, "home": "Nil", "away": "Nobody"}, "No team is called Nil and Nobody"),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(match: Match, reference: Mapping[str, Any], words: str) -> None:
    assert words in refused(reference)


def test_a_number_that_no_database_holds_is_no_match(match: Match) -> None:
    assert "There is no football match" in refused({"match": "9" * 40})
    assert "is not the number of a match" in refused({"match": "²"})


def test_two_teams_of_one_name_are_told_apart_by_their_slugs(match: Match) -> None:
    TeamFactory.create(name="Arsenal", slug="argentina-arsenal", country="Argentina")
    words = refused(PAIRING)
    assert "Several teams are called Arsenal" in words
    assert "argentina-arsenal" in words
    assert "england-arsenal" in words
    assert naming.fixture({**PAIRING, "home": "england-arsenal"}).home == "england-arsenal"


def test_teams_that_never_played_need_a_competition(match: Match) -> None:
    TeamFactory.create(name="Old", slug="old")
    TeamFactory.create(name="New", slug="new")
    assert "Neither team has played yet" in refused({**PAIRING, "home": "Old", "away": "New"})


def test_another_sports_match_team_and_competition_are_not_footballs(match: Match) -> None:
    nba = CompetitionFactory.create(code="NBA", sport=Sport.BASKETBALL)
    game = MatchFactory.create(season=SeasonFactory.create(competition=nba), date=DAY)
    Team.objects.create(name="Bulls", slug="bulls", country="USA", sport=Sport.BASKETBALL)
    assert "no football match" in refused({"match": game.pk})
    assert "No team is called Bulls" in refused({**PAIRING, "home": "Bulls"})
    assert "no football competition NBA" in refused({**PAIRING, "competition": "NBA"})


def test_upcoming_is_what_kicks_off_between_two_times_soonest_first(match: Match) -> None:
    later = MatchFactory.create(date=DAY + timedelta(days=1))
    postponed = MatchFactory.create(date=DAY, status=Match.Status.POSTPONED)
    finished = MatchFactory.create(date=DAY, finished=True)
    soon = naming.upcoming(match.kickoff, later.kickoff + timedelta(seconds=1))
    assert [fixture.match_id for fixture in soon] == [match.pk, later.pk]
    assert [fixture.match_id for fixture in naming.upcoming(match.kickoff, later.kickoff)] == [match.pk]
    assert naming.upcoming(later.kickoff + timedelta(seconds=1), later.kickoff + timedelta(days=9)) == []
    assert {postponed.pk, finished.pk}.isdisjoint(fixture.match_id for fixture in soon)
