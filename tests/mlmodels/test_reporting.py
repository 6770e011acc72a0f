"""The training report says what the runs measured, of all that was asked for, and nothing else."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels import reporting
from mlmodels.errors import InvalidReport
from mlmodels.models import ModelVersion, TrainingRun
from tests.factories import TrainingRunFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.visiting import text

pytestmark = pytest.mark.django_db
Trained = Callable[[], ModelVersion]
NOWHERE = "00000000-0000-4000-8000-000000000000"


def read(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content)))


def run_of(version: ModelVersion) -> TrainingRun:
    assert version.run is not None
    return version.run


def written(*runs: TrainingRun) -> list[dict[str, str]]:
    file = StringIO()
    reporting.write_csv(reporting.report(runs), file)
    return read(file.getvalue())


def test_every_figure_is_that_of_the_run(trained: Trained) -> None:
    run = run_of(trained())
    lines = {(line["model"], line["split"], line["stage"]): line for line in written(run)}
    name = run.model_version.version
    for (split, stage), stored in {
        ("validation", "uncalibrated"): run.metrics["validation"],
        ("test", "uncalibrated"): run.metrics["test_uncalibrated"],
        ("test", "calibrated"): run.metrics["test"],
    }.items():
        line = lines[name, split, stage]
        assert float(line["brier"]) == stored["brier"]
        assert int(line["n"]) == stored["n"]
    yardstick = lines["train-frequencies", "test", "baseline"]
    assert float(yardstick["brier"]) == run.metrics["baselines"]["train-frequencies"]["brier"]
    assert lines[name, "train", ""]["n"] == "280"
    assert lines[name, "train", ""]["brier"] == "", "training rows are not measured"
    assert {line["run"] for line in lines.values()} == {str(run.pk)}


def test_several_runs_make_one_table_in_the_order_they_were_named(trained: Trained) -> None:
    first, second = run_of(trained()), run_of(trained())
    runs = [line["run"] for line in written(second, first)]
    assert runs == [str(second.pk)] * (len(runs) // 2) + [str(first.pk)] * (len(runs) // 2)


def test_where_a_yardstick_is_known_of_fewer_rows_the_model_is_measured_on_those_too(coin_toss: CoinToss) -> None:
    metrics = {"test": {"n": 60, "brier": 0.4}, "baselines": {"price": {"n": 9, "model": {"n": 9, "brier": 0.3}}}}
    lines = written(TrainingRunFactory.create(problem="coin-toss", status="completed", metrics=metrics))
    assert (lines[-1]["split"], lines[-1]["n"], lines[-1]["brier"]) == ("test, where price is known", "9", "0.3")


def test_a_figure_that_is_not_defined_is_left_empty(coin_toss: CoinToss) -> None:
    run = TrainingRunFactory.create(
        problem="coin-toss", status="completed", metrics={"test": {"n": 3, "brier": None}, "calibration": None}
    )
    assert [line["brier"] for line in written(run)] == [""] * 4


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ([{"problem": "football-outcome"}], "of several problems"),
        ([{"metrics": {}, "status": "failed"}], r"\(failed\) measured nothing"),
        ([{}] * 50, "at most 50 runs, not 51"),
    ],
)
def test_runs_that_do_not_go_together_are_refused(
    coin_toss: CoinToss, others: list[dict[str, Any]], words: str
) -> None:
    usual = {"problem": "coin-toss", "status": "completed", "metrics": {"test": {"n": 3}}}
    runs = [TrainingRunFactory.create(**{**usual, **more}) for more in [{}, *others]]
    with pytest.raises(InvalidReport, match=words):
        reporting.report(runs)


def test_nothing_and_what_is_not_there_are_refused() -> None:
    with pytest.raises(InvalidReport, match="at least one"):
        reporting.report([])
    with pytest.raises(InvalidReport, match=f"no run {NOWHERE}"):
        reporting.completed([NOWHERE])


def test_a_run_offers_its_report(page: Client, trained: Trained) -> None:
    run = run_of(trained())
    url = reverse("mlmodels:run-report", args=[run.pk])
    assert url in text(page, "run", run.pk)
    answer = page.get(url)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(read(answer.content.decode())) == 5


def test_runs_are_chosen_on_a_page_and_shown_beside_each_other(
    page: Client, trained: Trained, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    runs = [run_of(trained()) for _ in range(3)]
    with django_assert_max_num_queries(7):
        shown = text(page, "report", problem="coin-toss", run=[str(run.pk) for run in runs[:2]])
    assert shown.count("checked") == 2
    assert f"{runs[0].metrics['test']['brier']:.4f}" in shown
    assert runs[2].model_version.version in shown
    query = f"run={runs[0].pk}&amp;run={runs[1].pk}"
    assert query in shown
    answer = page.get(f"{reverse('mlmodels:report-csv')}?{query.replace('&amp;', '&')}")
    assert len(read(answer.content.decode())) == 10


def test_without_completed_runs_the_page_says_how_to_get_one(page: Client) -> None:
    assert "No run was completed yet" in text(page, "report", problem="coin-toss")


@pytest.mark.parametrize("run", ["nonsense", NOWHERE])
def test_a_run_that_is_none_is_refused_in_words(page: Client, run: str) -> None:
    answer = page.get(reverse("mlmodels:report"), {"problem": "coin-toss", "run": run})
    assert answer.status_code == 422
    assert "run" in answer.content.decode()
    assert page.get(reverse("mlmodels:report-csv"), {"run": run}).status_code == 422


def api(user: User | None = None) -> APIClient:
    cache.clear()
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_the_api_gives_it_to_staff_only(trained: Trained, staff: User, charlie: User) -> None:
    run = run_of(trained())
    for path in ("/api/model/report", "/api/model/report/"):
        assert api().get(path, {"run": str(run.pk)}).status_code == 401
        assert api(charlie).get(path, {"run": str(run.pk)}).status_code == 403
        answer = api(staff).get(path, {"run": str(run.pk)})
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert {line["run"] for line in read(answer.content.decode())} == {str(run.pk)}


@pytest.mark.parametrize(("query", "status"), [({}, 400), ({"run": "x"}, 400), ({"run": NOWHERE}, 422)])
def test_the_api_refuses_what_is_no_run(coin_toss: CoinToss, staff: User, query: dict[str, str], status: int) -> None:
    assert api(staff).get("/api/model/report", query).status_code == status


def test_the_command_writes_it(coin_toss: CoinToss, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    call_command("train", "--problem", "coin-toss", "--report", str(file), stdout=StringIO())
    assert {line["split"] for line in read(file.read_text())} >= {"train", "validation", "test"}
    with pytest.raises(CommandError, match="The report can't be written: No such file"):
        call_command("train", "--problem", "coin-toss", "--report", str(tmp_path / "no" / "r.csv"), stdout=StringIO())
