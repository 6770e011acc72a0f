"""What staff can do to matches, teams and imports in the admin."""

from pathlib import Path

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matches.importing import import_file
from matches.models import ImportBatch, Match, QuarantinedRow, ScoreCorrection, Team
from tests.factories import MatchFactory, TeamFactory
from tests.matches.conftest import WriteFile

pytestmark = pytest.mark.django_db
LINES = """\
date,competition,season,home,away,home_goals,away_goals
2023-08-12,E0,2324,Arsenal,Fulham,2,1
never,E0,2324,Leeds,Hull,1,1
"""


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def imported(write: WriteFile, storage: Path) -> ImportBatch:
    return import_file(write("results.csv", LINES), source="csv")


def act(client: Client, action: str, *rows: Model, **more: object) -> str:
    """Choose rows of a list, ask for an action, and read the page it leads to."""
    url = reverse(f"admin:matches_{rows[0]._meta.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(url, chosen, follow=True).content.decode()


def test_a_kept_file_is_imported_again_by_whoever_asks(page: Client, staff: User, imported: ImportBatch) -> None:
    shown = act(page, "import_again", imported)
    assert "Imported results.csv again: 0 created, 0 updated, 1 unchanged, 1 quarantined." in shown
    assert ImportBatch.objects.latest("started_at").started_by == staff
    assert Match.objects.count() == 1


def test_a_file_that_is_gone_is_not_imported_again(page: Client, imported: ImportBatch) -> None:
    imported.raw.delete()
    assert "no longer kept" in act(page, "import_again", imported)
    assert ImportBatch.objects.count() == 1


def test_a_refused_row_is_marked_as_dealt_with_and_leaves_the_open_ones(page: Client, imported: ImportBatch) -> None:
    row = QuarantinedRow.objects.get()
    assert "1 resolved." in act(page, "resolve", row)
    url = reverse("admin:matches_quarantinedrow_changelist")
    assert "1 quarantined row" in page.get(url, {"state": "resolved"}).content.decode()
    assert "0 quarantined rows" in page.get(url, {"state": "open"}).content.decode()


def test_two_teams_become_the_one_that_is_chosen(page: Client) -> None:
    match = MatchFactory.create()
    double = TeamFactory.create(sport=match.home.sport, country=match.home.country)
    asked = act(page, "merge", match.home, double)
    assert "Which one stays?" in asked
    assert Team.objects.filter(pk=match.home.pk).exists()
    act(page, "merge", match.home, double, into=str(double.pk))
    match.refresh_from_db()
    assert match.home == double
    assert double.aliases.count() == 1


def test_opponents_are_not_merged(page: Client) -> None:
    match = MatchFactory.create()
    shown = act(page, "merge", match.home, match.away, into=str(match.home.pk))
    assert '<li class="error">' in shown
    assert Team.objects.filter(pk__in=[match.home.pk, match.away.pk]).count() == 2


def test_three_teams_are_not_merged(page: Client) -> None:
    assert "Choose exactly two teams." in act(page, "merge", *TeamFactory.create_batch(3))


def test_a_result_corrected_by_hand_is_audited(page: Client) -> None:
    match = MatchFactory.create(status=Match.Status.FINISHED, home_goals=1, away_goals=1)
    url = reverse("admin:matches_match_change", args=[match.pk])
    form = page.get(url).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values = {name: getattr(value, "pk", value) for name, value in values.items() if value is not None}
    kickoff = values.pop("kickoff", None)
    if kickoff is not None:
        values |= {"kickoff_0": f"{kickoff:%Y-%m-%d}", "kickoff_1": f"{kickoff:%H:%M:%S}"}
    empty_inline = {"corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0}
    answer = page.post(url, {**values, **empty_inline, "away_goals": 2}, follow=True)
    assert "was changed successfully" in answer.content.decode()
    correction = ScoreCorrection.objects.get()
    assert (correction.old_away_goals, correction.new_away_goals, correction.batch) == (1, 2, None)
