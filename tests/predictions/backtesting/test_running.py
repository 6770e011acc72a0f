import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from django.utils import timezone

from mlmodels import leases
from mlmodels.errors import ArtifactError, InvalidState, TooLittleData
from mlmodels.models import TrainingRun
from mlmodels.selection import Selection
from predictions.backtesting import asking, bets_file, running
from predictions.backtesting.walking import walk
from predictions.models import Backtest
from predictions.tasks import reap_backtests, run_backtest
from tests.predictions.backtesting.conftest import PricedToss, plan

pytestmark = pytest.mark.django_db
Status = Backtest.Status
CarryOut = Callable[..., Backtest]


def asked(**changes: Any) -> Backtest:
    return asking.request_backtest(plan(**changes), dispatch=False)[0]


def test_it_walks_bets_and_judges(carried_out: CarryOut) -> None:
    done = carried_out("value", "kelly-quarter", "confidence", "underdog")
    assert (done.status, done.error_message, done.progress) == (Status.COMPLETED, "", 100)
    found = done.figures
    assert (found["events"], found["skipped"], found["learned_from"]) == (350, 50, 50)
    assert [each["strategy"] for each in found["strategies"]] == ["value", "kelly-quarter", "confidence", "underdog"]
    value = found["strategies"][0]
    assert value["yield"]["value"] > value["random"]["value"]
    assert value["closing_line_value"]["low"] > 0, "the prices were wrong by design, and the model is not"
    assert done.bets_count == sum(each["bets"] for each in found["strategies"])
    json.dumps(found, allow_nan=False)


def test_the_file_of_bets_adds_up_to_the_figures(carried_out: CarryOut) -> None:
    done = carried_out("value", "kelly-quarter")
    bets = bets_file.read(done)
    for each in done.figures["strategies"]:
        own = bets[bets["strategy"] == each["strategy"]]
        assert len(own) == each["bets"]
        assert Decimal(int(own["stake"].sum())) / 100 == Decimal(each["turnover"])
        assert done.bankroll + Decimal(int(own["profit"].sum())) / 100 == Decimal(each["final_bankroll"])
        assert sum(month["bets"] for month in each["months"]) == each["bets"]
        assert sum(Decimal(month["profit"]) for month in each["months"]) == Decimal(each["profit"])
        assert each["months"][-1]["bankroll"] == each["final_bankroll"]
        assert sum(one["bets"] for one in each["claims"]) == each["bets"]
        assert (own["profit"] > 0).mean() == pytest.approx(each["win_rate"]["value"])


def test_the_csv_names_every_bet(carried_out: CarryOut) -> None:
    done = carried_out("value")
    rows = list(csv.DictReader(StringIO("".join(bets_file.as_csv(done)))))
    assert list(rows[0]) == list(bets_file.COLUMNS)
    assert len(rows) == done.bets_count
    assert rows[0]["stake"] == "10.00"
    assert rows[0]["subject"].startswith("Toss ")
    assert all(a["time"] <= b["time"] for a, b in pairwise(rows))


def test_text_that_a_spreadsheet_would_run_is_disarmed(carried_out: CarryOut, monkeypatch: pytest.MonkeyPatch) -> None:
    done = carried_out("value")
    bets = bets_file.read(done).assign(subject="=HYPERLINK(1)")
    monkeypatch.setattr(bets_file, "read", lambda _: bets)
    assert "'=HYPERLINK(1)" in list(bets_file.as_csv(done))[1]


def test_a_changed_or_missing_file_is_not_read(carried_out: CarryOut) -> None:
    done = carried_out("value")
    done.bets_file.write_bytes(done.bets_file.read_bytes() + b"x")
    with pytest.raises(ArtifactError, match="missing or was changed"):
        bets_file.as_csv(done)
    done.bets_file.unlink()
    with pytest.raises(ArtifactError, match="missing or was changed"):
        bets_file.as_csv(done)


def test_the_same_request_on_unchanged_data_is_the_finished_one(carried_out: CarryOut, priced_toss: PricedToss) -> None:
    done = carried_out("value")
    assert asking.request_backtest(plan("value"), dispatch=False) == (done, False)
    other, created = asking.request_backtest(plan("value", bankroll=Decimal(500)), dispatch=False)
    assert created
    asking.cancel(other)
    priced_toss.version += 1
    again, created = asking.request_backtest(plan("value"), dispatch=False)
    assert created
    assert asking.request_backtest(plan("value"), dispatch=False) == (again, False), "it is in flight"


def test_a_finished_one_without_its_file_is_run_anew(carried_out: CarryOut) -> None:
    done = carried_out("value")
    done.bets_file.unlink()
    _, created = asking.request_backtest(plan("value"), dispatch=False)
    assert created


def test_the_same_seed_gives_the_same_figures(carried_out: CarryOut) -> None:
    first = carried_out("value")
    again = asking.retry(first)
    done = running.execute(str(again.pk), worker="w1")
    assert done is not None
    assert (done.figures, done.bets_sha256) == (first.figures, first.bets_sha256)


def test_the_future_moves_no_earlier_bet_by_a_bit(carried_out: CarryOut, priced_toss: PricedToss) -> None:
    """Results after a day are turned round: what was bet until then, and how much, stays what it was."""
    turn = datetime(2020, 11, 1, tzinfo=UTC)
    before = bets_file.read(carried_out("value", "kelly", "confidence"))

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        later = (frame["event_at"] >= turn).to_numpy()
        frame["outcome"] = np.where(later, 1 - frame["outcome"], frame["outcome"])
        return frame

    priced_toss.change, priced_toss.version = changed, 1
    after = bets_file.read(carried_out("value", "kelly", "confidence"))
    early = [bets[bets["time"] < turn].reset_index(drop=True) for bets in (before, after)]
    assert len(early[0]) > 100
    pd.testing.assert_frame_equal(early[0], early[1], check_exact=True)
    late = [bets[bets["time"] >= turn]["profit"].tolist() for bets in (before, after)]
    assert late[0] != late[1]


def test_calibrations_learn_only_from_earlier_days(priced_toss: PricedToss) -> None:
    """The same, for probabilities after calibration, where one is kept."""
    turn = 300

    def overconfident(frame: pd.DataFrame) -> pd.DataFrame:
        frame["bias"] = np.clip(0.5 + (frame["bias"] - 0.5) * 0.6, 0.01, 0.99)
        return frame

    def and_turned(frame: pd.DataFrame) -> pd.DataFrame:
        frame = overconfident(frame)
        frame.loc[frame["subject"] >= turn, "outcome"] = 0
        return frame

    priced_toss.change = overconfident
    first = walk(plan(algorithm="calibrated-logit"))
    priced_toss.change, priced_toss.version = and_turned, 1
    second = walk(plan(algorithm="calibrated-logit"))
    known = (first.frame["subject"] < turn).to_numpy()
    assert (first.probabilities[known] == second.probabilities[known]).all()
    assert not (first.probabilities[~known] == second.probabilities[~known]).all()


def test_rows_between_the_chosen_ones_are_walked_but_not_bet_on(carried_out: CarryOut) -> None:
    done = carried_out("value", selection=Selection(date_from=datetime(2020, 10, 1, tzinfo=UTC).date()))
    assert done.figures["first"] >= "2020-10-01"
    assert (done.figures["skipped"], done.figures["learned_from"]) == (0, 274)


def test_a_selection_that_can_only_teach_fails_in_words(priced_toss: PricedToss) -> None:
    until = datetime(2020, 2, 10, tzinfo=UTC).date()
    done = running.execute(str(asked(selection=Selection(date_to=until)).pk), worker="w1")
    assert done is not None
    assert done.status == Status.FAILED
    assert "None of the 41 tosses chosen has 50 before it to learn from" in done.error_message


def test_a_selection_without_prices_fails_in_words(priced_toss: PricedToss, monkeypatch: pytest.MonkeyPatch) -> None:
    offers = priced_toss.offers

    def unpriced(frame: pd.DataFrame, *, book: str = "") -> Any:
        found = offers(frame, book=book)
        found.prices[:] = np.nan
        return found

    monkeypatch.setattr(priced_toss, "offers", unpriced)
    done = running.execute(str(asked(book="PENNY").pk), worker="w1")
    assert done is not None
    assert done.error_message == (
        "None of the 350 tosses chosen has a price of Penny & Sons: import prices, or choose others."
    )


def test_an_outcome_never_seen_before_fails_in_words(priced_toss: PricedToss) -> None:
    priced_toss.change = lambda frame: frame.assign(outcome=(frame["subject"] > 200).astype(int))
    with pytest.raises(TooLittleData, match="turned out tails"):
        walk(plan())


def test_cancelling_a_running_one_stops_it_at_its_next_step(priced_toss: PricedToss) -> None:
    backtest = asked()

    def cancel_meanwhile(fraction: float, phrase: str) -> None:
        if not backtest.cancel_requested:
            asking.cancel(backtest)

    done = running.execute(str(backtest.pk), worker="w1", watch=cancel_meanwhile)
    assert done is not None
    assert (done.status, done.bets_path) == (Status.CANCELLED, "")
    with pytest.raises(InvalidState, match="The backtest has cancelled already"):
        asking.cancel(done)


def test_a_dead_workers_backtest_is_queued_again_and_its_writes_are_fenced(
    priced_toss: PricedToss, settings: Any
) -> None:
    backtest = asked()
    first = leases.claim(Backtest, backtest.pk, worker="w1")
    assert first is not None
    hold = leases.Hold(first)
    Backtest.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert reap_backtests() == 1
    second = running.execute(str(backtest.pk), worker="w2")
    assert second is not None
    assert (second.status, second.attempt, second.worker) == (Status.COMPLETED, 2, "w2")
    with pytest.raises(leases.LeaseLost):
        hold.finish(Status.COMPLETED)


def test_a_worker_that_was_replaced_leaves_no_file(priced_toss: PricedToss, settings: Any) -> None:
    def replace(fraction: float, phrase: str) -> None:
        if phrase == "Saving":
            Backtest.objects.update(attempt=2, worker="w2")

    left = running.execute(str(asked().pk), worker="w1", watch=replace)
    assert left is not None
    assert (left.status, left.worker) == (Status.RUNNING, "w2")
    assert not list(settings.BACKTEST_DIR.glob("*.parquet"))


def test_the_task_may_be_delivered_twice_and_after_the_row_has_gone(priced_toss: PricedToss) -> None:
    backtest = asked()
    run_backtest(str(backtest.pk))
    run_backtest(str(backtest.pk))
    backtest.refresh_from_db()
    assert (backtest.status, backtest.attempt) == (Status.COMPLETED, 1)
    gone = str(backtest.pk)
    backtest.delete()
    run_backtest(gone)


def test_a_broker_that_does_not_answer_leaves_it_to_the_reaper(
    priced_toss: PricedToss, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(run_backtest, "delay", Mock(side_effect=OSError("Connection refused")))
    with django_capture_on_commit_callbacks(execute=True):
        backtest, _ = asking.request_backtest(plan())
    backtest.refresh_from_db()
    assert backtest.status == Status.QUEUED


def test_one_that_has_not_ended_is_not_retried(priced_toss: PricedToss) -> None:
    with pytest.raises(InvalidState, match="not ended yet"):
        asking.retry(asked())


def test_training_runs_and_backtests_are_reaped_apart(priced_toss: PricedToss) -> None:
    leases.claim(Backtest, asked().pk, worker="w1")
    Backtest.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert leases.reap(TrainingRun, Mock()) == []


def test_a_calibration_is_learned_where_forecasts_are_too_bold(
    priced_toss: PricedToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walked rows before them teach later rows; the first hundred are left as they are."""
    calibrated = []

    def mild(p: Any, y: Any) -> Any:
        calibrated.append(len(y))
        return Mock(transform=lambda raw: raw * 0 + 0.5)

    monkeypatch.setattr("mlmodels.estimators.calibration.best_calibration", mild)
    found = walk(plan(algorithm="calibrated-logit"))
    assert calibrated == [100, 128, 156, 184, 212, 240, 268, 296, 324]
    assert (found.probabilities[:100] == found.raw[:100]).all()
    assert (found.probabilities[100:] == 0.5).all()
