"""Reading competitions, teams and matches over HTTP: shapes, filters, pages, and who may."""

from base64 import b64encode
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts import keys
from accounts.models import User
from matches.models import Match, TeamAlias
from tests.accounts.test_sign_in import PASSWORD
from tests.factories import FIRST_DAY, CompetitionFactory, MatchFactory, SeasonFactory, TeamFactory

LISTS = ["/api/competitions/", "/api/teams/", "/api/matches/"]


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


@pytest.fixture
def api(charlie: User) -> APIClient:
    """Whoever has signed in may read these."""
    client = APIClient()
    client.force_authenticate(charlie)
    return client


def results(api: APIClient, path: str) -> list[Any]:
    answer = api.get(path)
    assert answer.status_code == 200, answer.content
    found: list[Any] = answer.json()["results"]
    return found


@pytest.mark.parametrize("path", [*LISTS, "/api/competitions/E0/", "/api/teams/england-arsenal/"])
def test_a_stranger_is_asked_to_sign_in(path: str) -> None:
    answer = APIClient().get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_program_signs_in_by_token(alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    signed_in = Client().post(
        "/_allauth/app/v1/auth/login", {"email": alice.email, "password": PASSWORD}, content_type="application/json"
    )
    token = signed_in.json()["meta"]["access_token"]
    assert Client().get("/api/matches/", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_a_program_signs_in_by_api_key(alice: User) -> None:
    _, key = keys.create(alice, name="Laptop")
    assert Client().get("/api/matches/", headers={"authorization": f"Api-Key {key}"}).status_code == 200


def test_competitions_say_whether_they_are_simulated(api: APIClient) -> None:
    CompetitionFactory.create()
    CompetitionFactory.create(code="SIM1", name="Demo League", country="Nowhere", is_simulated=True)
    real, simulated = results(api, "/api/competitions/")
    assert real == {
        "code": "E0",
        "name": "Premier League",
        "country": "England",
        "sport": "football",
        "is_simulated": False,
    }
    assert simulated["is_simulated"] is True
    for yes, no in (("true", "false"), ("1", "0"), ("True", "False")):
        assert [c["code"] for c in results(api, f"/api/competitions/?is_simulated={yes}")] == ["SIM1"]
        assert [c["code"] for c in results(api, f"/api/competitions/?is_simulated={no}")] == ["E0"]
    assert [c["code"] for c in results(api, "/api/competitions/?country=england")] == ["E0"]


def test_a_competition_lists_its_seasons_newest_first(api: APIClient) -> None:
    MatchFactory.create_batch(2, season=SeasonFactory.create(code="2324"))
    SeasonFactory.create(code="2425", name="2024/25", starts_on=date(2024, 7, 1), ends_on=date(2025, 6, 30))
    seasons = api.get("/api/competitions/E0/").json()["seasons"]
    assert [(season["code"], season["matches"]) for season in seasons] == [("2425", 0), ("2324", 2)]


@pytest.mark.parametrize("path", ["/api/competitions/XX/", "/api/teams/nobody/"])
def test_what_is_not_there_is_not_found(api: APIClient, path: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_teams_are_found_by_name_alias_and_country(api: APIClient) -> None:
    arsenal = TeamFactory.create(name="Arsenal", slug="england-arsenal")
    TeamFactory.create(name="Getafe", slug="spain-getafe", country="Spain")
    for alias in ("The Gunners", "Gunners FC"):
        TeamAlias.objects.create(team=arsenal, country="England", alias=alias)
    for query in ("search=arse", "search=gunners", "country=england"):
        assert [team["slug"] for team in results(api, f"/api/teams/?{query}")] == ["england-arsenal"]
    assert api.get("/api/teams/england-arsenal/").json()["aliases"] == ["Gunners FC", "The Gunners"]


def test_a_match_has_its_sides_and_score(api: APIClient) -> None:
    match = MatchFactory.create(finished=True)
    [shown] = results(api, "/api/matches/")
    assert shown["id"] == match.pk
    assert (shown["competition"], shown["season"], shown["is_simulated"]) == ("E0", "2324", False)
    assert shown["home"] == {"slug": match.home.slug, "name": match.home.name}
    assert (shown["status"], shown["home_goals"], shown["away_goals"]) == ("finished", 2, 1)
    assert shown["kickoff"] == match.kickoff.isoformat().replace("+00:00", "Z")


@pytest.fixture
def three_matches() -> list[Match]:
    """One a day; the last in another competition, unplayed."""
    days = [FIRST_DAY + timedelta(days=n) for n in range(3)]
    first, second = (MatchFactory.create(date=day, finished=True) for day in days[:2])
    elsewhere = SeasonFactory.create(competition=CompetitionFactory.create(code="D1", country="Germany"), code="2223")
    return [first, second, MatchFactory.create(date=days[2], season=elsewhere)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 0]),
        ("competition=E0", [1, 0]),
        ("season=2223", [2]),
        ("status=scheduled", [2]),
        ("date_from=2023-08-13", [2, 1]),
        ("date_to=2023-08-12", [0]),
        ("date_from=2023-08-13&date_to=2023-08-13", [1]),
        ("competition=D1&status=finished", []),
    ],
)
def test_matches_are_narrowed(api: APIClient, three_matches: list[Match], query: str, expected: list[int]) -> None:
    found = [match["id"] for match in results(api, f"/api/matches/?{query}")]
    assert found == [three_matches[place].pk for place in expected]


def test_matches_of_a_team_are_those_at_home_and_away(api: APIClient, three_matches: list[Match]) -> None:
    first, second, _ = three_matches
    away = MatchFactory.create(home=second.home, away=first.home, date=FIRST_DAY)
    assert {match["id"] for match in results(api, f"/api/matches/?team={first.home.slug}")} == {first.pk, away.pk}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("competition=XX", "competition"),
        ("team=nobody", "team"),
        ("status=lost", "status"),
        ("date_from=yesterday", "date_from"),
        ("date_from=2024-01-02&date_to=2024-01-01", "date_from"),
    ],
)
def test_it_refuses_a_filter_it_can_not_use_and_names_it(api: APIClient, query: str, field: str) -> None:
    answer = api.get(f"/api/matches/?{query}")
    assert answer.status_code == 400
    assert set(answer.json()["detail"]) == {field}


def test_pages_follow_each_other_without_gap_or_repeat(api: APIClient) -> None:
    same_day = MatchFactory.create_batch(7, date=FIRST_DAY)
    path, found = "/api/matches/?page_size=2", []
    while path:
        page = api.get(path).json()
        found += [match["id"] for match in page["results"]]
        path = page["next"]
    assert found == sorted((match.pk for match in same_day), reverse=True)


@pytest.mark.parametrize("size", ["0", "-1", "many", "2.5"])
def test_a_size_of_page_that_is_no_number_of_rows_is_refused(api: APIClient, size: str) -> None:
    answer = api.get(f"/api/teams/?page_size={size}")
    assert (answer.status_code, set(answer.json()["detail"])) == (400, {"page_size"})


@pytest.mark.parametrize("path", ["/api/competitions/", "/api/teams/"])
def test_a_question_of_yes_or_no_takes_nothing_else_for_an_answer(api: APIClient, path: str) -> None:
    answer = api.get(f"{path}?is_simulated=maybe")
    assert (answer.status_code, set(answer.json()["detail"])) == (400, {"is_simulated"})


def test_a_page_has_at_most_two_hundred(api: APIClient) -> None:
    TeamFactory.create_batch(201)
    assert len(results(api, "/api/teams/?page_size=100000")) == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("cursor", ["nonsense", b64encode(b"p=made+up").decode(), b64encode(b"o=-5").decode()])
def test_a_cursor_that_somebody_made_up_breaks_nothing(api: APIClient, path: str, cursor: str) -> None:
    assert api.get(path, {"cursor": cursor}).status_code in {200, 404}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_however_long(api: APIClient, path: str, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        season = SeasonFactory.create(competition=CompetitionFactory.create(code=f"L{n}"))
        MatchFactory.create(season=season)
    with django_assert_max_num_queries(1):
        assert len(results(api, path)) >= 12


def test_details_cost_the_same_however_much_they_list(api: APIClient, django_assert_max_num_queries: Any) -> None:
    team = TeamFactory.create()
    for n in range(12):
        MatchFactory.create(season=SeasonFactory.create(code=f"s{n}"))
        TeamAlias.objects.create(team=team, country="England", alias=f"Alias {n}")
    for path in ("/api/competitions/E0/", f"/api/teams/{team.slug}/"):
        with django_assert_max_num_queries(2):
            assert api.get(path).status_code == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here(api: APIClient, path: str, method: str) -> None:
    assert getattr(api, method)(path).status_code == 405
