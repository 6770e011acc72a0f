"""What a run measured subject by subject: kept, shown, downloaded, and nothing for strangers."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels import problem as problems
from mlmodels import runs, subject_reports
from mlmodels.models import SubjectReport, TrainingRun
from mlmodels.selection import Selection
from tests.factories import TrainingRunFactory
from tests.mlmodels.counted_things import CountedThings
from tests.mlmodels.visiting import text

pytestmark = pytest.mark.django_db
FAILED = "ValueError: Input X contains infinity."


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, storage: Path) -> CountedThings:
    problem = CountedThings()
    monkeypatch.setitem(problems._problems, problem.slug, problem)
    return problem


@pytest.fixture
def run(known: CountedThings) -> TrainingRun:
    """A run with one subject that has a name, one that has none, and one that failed."""
    run = TrainingRunFactory.create(problem=known.slug, algorithm="per-subject", status=TrainingRun.Status.COMPLETED)
    figures = dict.fromkeys(subject_reports.FIGURES, 0.25) | {"brier": None}
    lines = {"0": {**figures, "n": 12, "answered_by": "ensemble"}, "7": {**figures, "n": 1, "answered_by": "ensemble"}}
    lines |= {"3": {"answered_by": "global", "failure": FAILED}}
    SubjectReport.objects.create(run=run, lines=lines)
    return run


def read(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content)))


def test_a_training_keeps_what_each_subject_was_worth(known: CountedThings) -> None:
    asked, _ = runs.request_run(
        problem=known.slug, algorithm="per-subject", selection=Selection(), force=True, dispatch=False
    )
    runs.execute(str(asked.pk), worker="w1")
    lines = subject_reports.lines_of(asked)
    assert [line.name for line in lines] == ["", *(f"Counter {number}" for number in range(1, 6))]
    assert {line.n for line in lines} == {12}, "the newest fifth of sixty rows"
    assert all(line.figures["mse"] for line in lines)


def test_the_file_has_a_line_a_subject(run: TrainingRun) -> None:
    file = StringIO()
    subject_reports.write_csv(subject_reports.lines_of(run), file)
    nameless, failed, named = read(file.getvalue())
    assert (nameless["subject"], nameless["name"], nameless["n"]) == ("0", "", "12")
    assert (nameless["rmse"], nameless["brier"], nameless["answered_by"]) == ("0.25", "", "ensemble")
    assert (failed["name"], failed["mse"], failed["answered_by"], failed["failure"]) == (
        "Counter 3", "", "global", FAILED,
    )  # fmt: skip
    assert named["name"] == "Counter 7"


def test_the_page_of_a_run_leads_to_its_subjects(
    client: Client, staff: User, run: TrainingRun, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(staff)
    assert reverse("mlmodels:run-subjects", args=[run.pk]) in text(client, "run", run.pk)
    with django_assert_max_num_queries(6):
        shown = text(client, "run-subjects", run.pk)
    assert "Counter 7" in shown
    assert FAILED in shown
    address = reverse("mlmodels:run-subjects-csv", args=[run.pk])
    assert address in shown
    answer = client.get(address)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(read(answer.content.decode())) == 3


def test_a_run_that_fitted_no_subjects_says_so(client: Client, staff: User, known: CountedThings) -> None:
    client.force_login(staff)
    other = TrainingRunFactory.create(problem=known.slug, status=TrainingRun.Status.COMPLETED)
    assert reverse("mlmodels:run-subjects", args=[other.pk]) not in text(client, "run", other.pk)
    answer = client.get(reverse("mlmodels:run-subjects-csv", args=[other.pk]))
    assert answer.status_code == 422
    assert "measured no subjects" in answer.content.decode()


@pytest.mark.parametrize("name", ["run-subjects", "run-subjects-csv"])
def test_strangers_see_none_of_it(client: Client, charlie: User, run: TrainingRun, name: str) -> None:
    address = reverse(f"mlmodels:{name}", args=[run.pk])
    assert client.get(address).status_code == 302
    client.force_login(charlie)
    assert client.get(address).status_code == 403


def test_the_api_gives_it_to_staff_only(run: TrainingRun, staff: User, charlie: User) -> None:
    def api(user: User | None = None) -> APIClient:
        cache.clear()
        client = APIClient()
        client.force_authenticate(user)
        return client

    path = f"/api/model/runs/{run.pk}/subjects"
    assert api().get(path).status_code == 401
    assert api(charlie).get(path).status_code == 403
    answer = api(staff).get(f"{path}/")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert [line["subject"] for line in read(answer.content.decode())] == ["0", "3", "7"]
    assert api(staff).get("/api/model/runs/00000000-0000-4000-8000-000000000000/subjects").status_code == 404
