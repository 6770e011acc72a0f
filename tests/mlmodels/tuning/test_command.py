"""`manage.py train --tune`, and the admin's look at searches."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mlmodels.models import TuningStudy
from mlmodels.problem import Algorithm
from tests.mlmodels.tuning.tossing import trained

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> str:
    out = StringIO()
    call_command("train", "--problem", "coin-toss", "--algorithm", "trusting", *arguments, stdout=out)
    return out.getvalue()


def test_a_tuned_training_prints_what_was_found(trusting: Algorithm) -> None:
    printed = call("--trials", "4")
    assert "Tuned in 4 trials, 0 of them broken off: brier 0." in printed
    assert "trust=" in printed


def test_a_tuned_training_reports_as_json(trusting: Algorithm) -> None:
    report: dict[str, Any] = json.loads(call("--tune", "--trials", "3", "--json"))
    assert report["tuning"]["trials"] == 3
    assert report["hyper_parameters"] == report["tuning"]["parameters"]


def test_tuning_without_a_budget_is_thirty_trials(trusting: Algorithm, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def request_run(**kwargs: Any) -> Any:
        asked.update(kwargs)
        raise CommandError("enough")

    monkeypatch.setattr("mlmodels.runs.request_run", request_run)
    with pytest.raises(CommandError, match="enough"):
        call("--tune")
    assert asked["tuning"] == {"trials": 30}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--trials", "0"], "Trials to tune for are a whole number from 1 to 1000, not 0"),
        (["--seconds", "-5"], "not -5"),
        (["--select-features", "importance"], "such as importance:40, not 'importance'"),
        (["--select-features", "importance:0"], "from 1 on, not 0"),
        (["--select-features", "magic:4"], "called 'magic'"),
        (["--select-features", "l1:1"], "Trusting does not read a table"),
    ],
)
def test_what_makes_no_sense_is_refused(trusting: Algorithm, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call(*arguments)


def test_staff_may_look_at_a_search_and_change_nothing(client: Client, staff: User, trusting: Algorithm) -> None:
    trained(tuning={"trials": 3})
    study = TuningStudy.objects.get()
    client.force_login(staff)
    listed = client.get(reverse("admin:mlmodels_tuningstudy_changelist")).content.decode()
    assert "trusting for coin-toss" in listed
    url = reverse("admin:mlmodels_tuningstudy_change", args=[study.pk])
    assert "0.2" in client.get(url).content.decode()
    assert client.post(url, {"problem": "tarot"}).status_code == 403
