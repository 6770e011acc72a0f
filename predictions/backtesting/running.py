"""Carrying a backtest out: load, walk, bet, judge, keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from mlmodels import leases
from mlmodels.problem import Problem, get_problem
from predictions.backtesting import bets_file, doubting
from predictions.backtesting.asking import send
from predictions.backtesting.hindsight import searched_on
from predictions.backtesting.plans import Plan
from predictions.models import Backtest

if TYPE_CHECKING:
    import numpy as np

    from predictions.backtesting.figures import Played
    from predictions.backtesting.walking import Walked


def execute(backtest_id: str, *, worker: str, watch: Callable[[float, str], None] | None = None) -> Backtest | None:
    """Claim a queued backtest and carry it out; None where another worker has it, it has ended or was deleted.

    `watch` is told of progress beside the row. Whatever goes wrong is written to the row, in words.
    """
    backtest = leases.claim(Backtest, backtest_id, worker=worker)
    if backtest is None:
        return None
    hold = leases.Hold(backtest, watch=watch)
    leases.carry_out(hold, lambda: _carry_out(backtest, hold))
    return Backtest.objects.filter(pk=backtest.pk).first()


def reap() -> list[Backtest]:
    """Queue again, or fail, the backtests whose worker died, and send once a lease what no worker took."""
    return leases.reap(Backtest, send)


def _carry_out(backtest: Backtest, hold: leases.Hold) -> None:
    from predictions.backtesting.walking import walk

    plan = Plan.of(backtest)
    problem = get_problem(plan.problem)
    # Before the rows are read: what changes meanwhile must not pass for known.
    fingerprint = problem.fingerprint(plan.data)
    hold.enter("loading", start=0, end=30)
    walked = walk(plan, loading=hold.progress, walking=_phase(hold, "walking", start=30, end=85))
    hold.say(f"{len(walked.frame)} {problem.unit} forecast, the first from {walked.learned_from} before it")
    hold.enter("betting", start=85, end=95)
    all_played = _play(problem, plan, walked, hold)
    hold.enter("saving", start=95, end=100)
    found = _figures(problem, plan, walked, all_played)
    bets = bets_file.bets_of(problem, walked, all_played)
    path, digest = bets_file.keep(backtest, bets)
    try:
        with transaction.atomic():
            hold.finish(
                Backtest.Status.COMPLETED,
                progress=100,
                message="Done",
                figures=found,
                fingerprint=fingerprint,
                code_version=settings.CODE_VERSION,
                bets_path=path,
                bets_sha256=digest,
                bets_count=len(bets),
            )
            doubting.raise_where_too_good(backtest, found["strategies"])
    except leases.LeaseLost:
        (settings.BACKTEST_DIR / path).unlink(missing_ok=True)
        raise


def _phase(hold: leases.Hold, name: str, *, start: int, end: int) -> Callable[[float, str], None]:
    """A progress that enters its phase when it is first called."""
    entered: list[bool] = []

    def report(fraction: float, phrase: str) -> None:
        if not entered:
            entered.append(True)
            hold.enter(name, start=start, end=end)
        hold.progress(fraction, phrase)

    return report


def _play(problem: Problem, plan: Plan, walked: Walked, hold: leases.Hold) -> list[Played]:
    from predictions.backtesting.bankroll import play
    from predictions.backtesting.figures import played
    from predictions.backtesting.picking import Claims
    from predictions.backtesting.walking import day_numbers

    claims = Claims(probabilities=walked.probabilities, prices=walked.offers.prices, refunded=problem.refunded)
    came = walked.frame[problem.outcome_column].to_numpy()
    days = day_numbers(walked.frame[problem.time_column])
    found = []
    for done, strategy in enumerate(plan.strategies):
        hold.progress(done / len(plan.strategies), strategy.title)
        course = play(claims, came, days, strategy, bankroll=plan.bankroll)
        closing = walked.offers.closing_probabilities
        found.append(played(course, strategy, claims, came=came, days=days, closing_probabilities=closing))
    return found


def _figures(problem: Problem, plan: Plan, walked: Walked, all_played: list[Played]) -> dict[str, Any]:
    import numpy as np

    from predictions.backtesting.figures import figures

    times = walked.frame[problem.time_column]
    dropped = {"dropped": dict(walked.offers.dropped)} if walked.offers.dropped else {}
    searched = searched_on(plan, first=times.iloc[0].to_pydatetime(), last=times.iloc[-1].to_pydatetime())
    return {
        "events": len(walked.frame),
        "priced": int(np.isfinite(walked.offers.prices).any(axis=1).sum()),
        "skipped": walked.skipped,
        "learned_from": walked.learned_from,
        "first": times.iloc[0].isoformat(),
        "last": times.iloc[-1].isoformat(),
        "model": _measured(problem, walked),
        "is_simulated": problem.is_simulated(plan.selection),
        "strategies": [figures(played, seed=plan.seed) for played in all_played],
        **dropped,
        **({"searched_on": searched} if searched else {}),
    }


def _measured(problem: Problem, walked: Walked) -> dict[str, Any]:
    """The problem's metrics of the forecasts, before calibration, and of the closing line, on the rows that have it."""
    import numpy as np

    from mlmodels.pipeline import figures

    closing = walked.offers.closing_probabilities
    known = np.isfinite(closing).all(axis=1)
    outcomes: np.ndarray = walked.frame[problem.outcome_column].to_numpy()
    if not known.any():
        return {"forecasts": figures(problem, walked.probabilities, outcomes)}
    tables = {"forecasts": walked.probabilities, "uncalibrated": walked.raw, "closing line": closing}
    return {name: figures(problem, table[known], outcomes[known]) for name, table in tables.items()}
