"""Searches as staff see them, and how they ask for one."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mlmodels.models import ModelVersion, TrainingRun, TuningStudy, TuningTrial
from mlmodels.problem import Algorithm
from mlmodels.tuning import reading
from mlmodels.tuning.chart import trials_chart
from tests.mlmodels.tuning.tossing import trained
from tests.mlmodels.visiting import text

pytestmark = pytest.mark.django_db
State = TuningTrial.State


@pytest.fixture
def page(client: Client, staff: User, trusting: Algorithm) -> Client:
    client.force_login(staff)
    return client


def study(key: str = "k", **fields: object) -> TuningStudy:
    known = {
        "problem": "coin-toss", "algorithm": "trusting", "metric": "brier", "lower_is_better": True, "split": {},
        "space": [{"name": "trust", "scale": "float", "usual": 0.2, "low": 0.1, "high": 2.0, "log": True}],
    }  # fmt: skip
    return TuningStudy.objects.create(key=key, **{**known, **fields})


def trial(of: TuningStudy, number: int, value: float | None, state: State = State.COMPLETE) -> TuningTrial:
    return TuningTrial.objects.create(
        study=of,
        number=number,
        value=value,
        state=state,
        parameters={"trust": round(0.2 + 0.1 * number, 1)},
        seconds=1.0,
    )


def test_a_tuned_run_shows_its_trials_and_what_they_won(page: Client) -> None:
    done = trained(tuning={"trials": 18})
    shown = text(page, "run", done.pk)
    assert "The best of 18 trials has a Brier of" in shown
    assert "so 0." in shown
    assert "What mattered" in shown
    assert shown.count("<circle class") >= 18
    assert "18 trials, <a href=" in shown


def test_a_search_has_a_page_of_its_own(page: Client) -> None:
    done = trained(tuning={"trials": 6})
    shown = text(page, "study", TuningStudy.objects.get().pk)
    assert "0.05 to 2.0, by order of magnitude; usually 0.2" in shown
    assert "left, right; usually left" in shown
    assert done.model_version.version in shown
    assert reverse("mlmodels:run", args=[done.pk]) in shown


def test_a_version_says_how_its_hyper_parameters_were_found(page: Client) -> None:
    version = ModelVersion.objects.get(run=trained(tuning={"trials": 3}))
    shown = text(page, "version", version.version)
    assert "Found in 3 trials on the validation rows" in shown


def test_without_a_search_the_list_says_how_to_begin_one(page: Client) -> None:
    assert "Nothing was tuned yet" in text(page, "tuning")


def test_the_list_asks_as_often_for_many_as_for_few(
    page: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        row = study(f"k{number}", best_value=0.4)
        trial(row, 0, 0.5)
        trial(row, 1, 0.9, State.PRUNED)
    with django_assert_max_num_queries(6):
        shown = text(page, "tuning")
    assert "Page 1 of 2" in shown
    assert "0.5000" in shown
    assert "0.4000" in shown


def test_a_search_that_has_only_begun_is_shown(page: Client) -> None:
    row = study()
    trial(row, 0, None, State.RUNNING)
    shown = text(page, "study", row.pk)
    assert "No trial has been completed yet" in shown
    assert "<circle class" not in shown


def test_a_search_of_a_problem_that_is_gone_is_shown(page: Client) -> None:
    row = study(problem="tarot", algorithm="cups", metric="luck")
    assert "cups, tuned" in text(page, "study", row.pk)
    assert "tarot" in text(page, "tuning")


def test_a_search_that_is_not_there_is_not_found(page: Client) -> None:
    url = reverse("mlmodels:study", args=["00000000-0000-4000-8000-000000000000"])
    assert page.get(url).status_code == 404


def test_trials_come_the_best_first_and_failures_last() -> None:
    row = study()
    for number, value, state in [
        (0, 0.5, State.COMPLETE),
        (1, None, State.FAILED),
        (2, 0.9, State.PRUNED),
        (3, 0.4, State.COMPLETE),
        (4, None, State.RUNNING),
    ]:
        trial(row, number, value, state)
    shown = reading.study_shown(row)
    assert [line.trial.number for line in shown.trials] == [4, 3, 0, 2, 1]
    assert shown.best is not None
    assert (shown.best.value, shown.usual) == ("0.4000", "0.5000")
    assert "so 0.1000 is won" in shown.sentence


def test_a_search_that_found_nothing_better_says_so() -> None:
    row = study(lower_is_better=False)
    trial(row, 0, 0.5)
    trial(row, 1, 0.4)
    assert "nothing did better than what is usual" in reading.study_shown(row).sentence


def test_the_line_of_the_best_so_far_only_goes_towards_the_better() -> None:
    row = study()
    values = [0.5, 0.7, 0.4, 0.6, 0.3]
    trials = [trial(row, number, value) for number, value in enumerate(values)]
    trials.append(trial(row, 5, 0.2, State.PRUNED))
    chart = trials_chart(trials, lower_is_better=True)
    assert chart is not None
    heights = [float(part.split("H")[0]) for part in chart.path.split("V")[1:]]
    assert len(heights) == 2, "it gets better twice"
    assert heights == sorted(heights), "down the page is lower"
    assert len(chart.marks) == 6
    assert chart.marks[5].y == chart.top, "its figure is of fewer rows, and so no better"
    assert trials_chart(trials[:1], lower_is_better=True) is None


def submit(page: Client, name: str = "start", **data: object) -> str:
    answer = page.post(reverse(f"mlmodels:{name}", args=["coin-toss"]), {"algorithm": "trusting", **data}, follow=True)
    return answer.content.decode()


def test_tuning_is_asked_for_in_the_form(page: Client) -> None:
    shown = submit(page, trials="25", seconds="60")
    assert "Your run was queued" in shown
    assert TrainingRun.objects.get().tuning == {"trials": 25, "seconds": 60}
    assert "25 trials or 60 seconds" in shown


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"trials": "0"}, "Trials to tune for are a whole number from 1 to 1000, not 0"),
        ({"seconds": "-3"}, "Seconds to tune for are a whole number from 1 to 14400, not -3"),
        ({"algorithm": "logit", "trials": "3"}, "Logit has no hyper-parameters to tune"),
        ({"method": "l1"}, "Say how many features to keep"),
        ({"keep": "3"}, "There is no way to choose features called None"),
        ({"method": "l1", "keep": "2"}, "Trusting does not read a table of numeric features"),
        ({"method": "magic", "keep": "2"}, "magic is not one of the available choices"),
    ],
)
def test_what_can_not_be_searched_is_said_beside_its_field(page: Client, data: dict[str, str], words: str) -> None:
    shown = submit(page, **data)
    assert words in shown
    assert not TrainingRun.objects.exists()


def test_the_check_says_what_is_done_besides(page: Client) -> None:
    shown = submit(page, "check", trials="25")
    assert "its hyper-parameters are searched for 25 trials on the validation rows" in shown
