"""The daily round, at a site of this test."""

from datetime import date

import pytest

from matches.ingesting import followed, ingest
from matches.models import Competition, ImportBatch, Match
from tests.factories import CompetitionFactory
from tests.matches.conftest import Answer, Site

HEADER = b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG\n"
TODAY = date(2024, 2, 14)
pytestmark = pytest.mark.django_db


@pytest.fixture
def leagues(site: Site) -> Site:
    """Two leagues are followed; a third, in the same file of fixtures, is not."""
    CompetitionFactory.create(code="E0")
    CompetitionFactory.create(code="D1", name="Bundesliga", country="Germany")
    site.answers["/mmz4281/2324/E0.csv"] = [Answer(body=HEADER + b"E0,10/02/2024,Arsenal,Fulham,2,1\n")]
    site.answers["/mmz4281/2324/D1.csv"] = [Answer(body=HEADER + b"D1,10/02/2024,Mainz,Bochum,0,0\n")]
    site.answers["/fixtures.csv"] = [
        Answer(body=HEADER + b"E0,17/02/2024,Fulham,Arsenal,,\nI1,17/02/2024,Roma,Lazio,,\n")
    ]
    return site


def test_results_and_fixtures_of_what_is_held_here_come_in(leagues: Site) -> None:
    batches = ingest(today=TODAY, site=leagues.visitor())
    assert [(batch.filename, batch.created) for batch in batches] == [
        ("2324/D1.csv", 1),
        ("2324/E0.csv", 1),
        ("fixtures.csv", 1),
    ]
    assert not Competition.objects.filter(code="I1").exists()
    assert Match.objects.get(status=Match.Status.SCHEDULED).home.name == "Fulham"


def test_delivered_twice_it_changes_nothing(leagues: Site) -> None:
    ingest(today=TODAY, site=leagues.visitor())
    before = list(Match.objects.values())
    assert sum(batch.created + batch.updated for batch in ingest(today=TODAY, site=leagues.visitor())) == 0
    assert list(Match.objects.values()) == before


def test_what_is_not_to_be_had_is_recorded_and_stops_nothing(leagues: Site) -> None:
    leagues.answers["/mmz4281/2324/D1.csv"] = [Answer(404)]
    batches = ingest(today=TODAY, site=leagues.visitor())
    assert [batch.status for batch in batches] == ["failed", "completed", "completed"]
    failed = ImportBatch.objects.get(status=ImportBatch.Status.FAILED)
    assert (failed.filename, "no file" in failed.error_message) == ("2324/D1.csv", True)


def test_simulated_and_unknown_competitions_are_not_asked_for(site: Site) -> None:
    CompetitionFactory.create(code="SIM1", is_simulated=True)
    CompetitionFactory.create(code="MINE")
    assert followed() == []
    assert ingest(today=TODAY, site=site.visitor()) == []
    assert site.asked == []
