"""Asking for a backtest, for the same again, and for its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from mlmodels import leases
from mlmodels.errors import InvalidState
from mlmodels.problem import get_problem
from predictions.backtesting import bets_file
from predictions.backtesting.plans import Plan, refuse
from predictions.models import Backtest

if TYPE_CHECKING:
    from accounts.models import User


def request_backtest(
    plan: Plan, *, requested_by: User | None = None, force: bool = False, dispatch: bool = True
) -> tuple[Backtest, bool]:
    """Queue a backtest and send it to a worker once committed; gives it and whether it is new.

    The same plan in flight, or completed on data (and code) that have not changed since, is returned instead; `force`
    asks anew after a completed one. `dispatch=False` leaves the sending to the caller. Raises what `plans.refuse` does.
    """
    rows = refuse(plan)
    if not force and (same := _completed(plan)):
        return same, False
    try:
        with transaction.atomic():
            backtest = _queued(plan, rows, requested_by)
            if dispatch:
                send(backtest)
    except IntegrityError:
        if (other := Backtest.objects.in_flight().filter(request_hash=plan.hash).first()) is None:
            raise
        return other, False
    return backtest, True


def _completed(plan: Plan) -> Backtest | None:
    fingerprint = get_problem(plan.problem).fingerprint(plan.data)
    if not fingerprint:
        return None
    alike = Backtest.objects.completed().filter(
        request_hash=plan.hash, fingerprint=fingerprint, code_version=settings.CODE_VERSION
    )
    return next((backtest for backtest in alike if bets_file.is_intact(backtest)), None)


def _queued(plan: Plan, rows: int, requested_by: User | None) -> Backtest:
    fields = plan.to_json() | {"bankroll": plan.bankroll, "version": plan.version}
    return Backtest.objects.create(
        **fields,
        request_hash=plan.hash,
        requested_by=requested_by,
        match_count=rows,
        message="Waiting for a worker",
    )


def cancel(backtest: Backtest) -> Backtest:
    """End it now where it is queued, at its next step where it runs. Raises InvalidState where it has ended."""
    return leases.cancel(backtest)


def retry(backtest: Backtest, requested_by: User | None = None) -> Backtest:
    """A new one asking for the same, on the data of now. Raises InvalidState while it has not ended."""
    if backtest.is_in_flight:
        raise InvalidState("The backtest has not ended yet: cancel it first, or wait.")
    again, _ = request_backtest(Plan.of(backtest), requested_by=requested_by, force=True)
    return again


def send(backtest: Backtest) -> None:
    """Tell a worker once committed; where no broker answers, the row waits and the reaper sends it."""
    from predictions.tasks import run_backtest

    transaction.on_commit(lambda: run_backtest.delay(str(backtest.pk)), robust=True)
