"""`manage.py backtest`: bet through history on an algorithm's word, here and now."""

from __future__ import annotations

import json
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels import leases
from mlmodels.errors import ModelError
from mlmodels.management.selecting import add_problem_options, add_selection_options, problem_from, selection_from
from mlmodels.problem import get_problem
from mlmodels.progress import progress_bar
from predictions.backtesting import asking, bets_file, running, words
from predictions.backtesting.figures import summary
from predictions.backtesting.plans import USUAL_BANKROLL, USUAL_REFIT_DAYS, Plan, recipe
from predictions.backtesting.strategies import PRESETS, USUAL, parse_all
from predictions.errors import PredictionError
from predictions.models import Backtest


class Command(BaseCommand):
    help = "Bet through history on forecasts that are made anew as time goes by, from earlier rows only. For adults."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_problem_options(parser)
        parser.add_argument("--algorithm", help="The problem's default where left out.")
        parser.add_argument("--version-of", default="", metavar="NAME", help="Take a trained version's recipe instead.")
        add_selection_options(parser)
        for name in ("competition", "season"):
            parser.add_argument(
                f"--{name}s", dest=name, action="extend", type=_codes, metavar="A,B,…", help="Several at once."
            )
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="A hyper-parameter.")
        parser.add_argument("--refit-days", type=int, default=USUAL_REFIT_DAYS, metavar="N")
        parser.add_argument(
            "--strategy",
            action="append",
            default=[],
            metavar="NAME[:PARAMETER=VALUE,…]",
            help=f"One of {', '.join(PRESETS)}; repeat for several.",
        )
        parser.add_argument("--bankroll", default=str(USUAL_BANKROLL), metavar="AMOUNT")
        parser.add_argument("--book", default="", metavar="CODE", help="Whose prices; the best of all if left out.")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--force", action="store_true", help="Anew, even where nothing has changed since.")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="Write every bet to a file.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backtest = self._run(_plan(options), options)
            if backtest.status != Backtest.Status.COMPLETED:
                raise CommandError(backtest.error_message or backtest.message)
            if options["csv"]:
                _write(backtest, options["csv"])
        except (ModelError, PredictionError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_report(backtest)))
        else:
            self._print(backtest)

    def _run(self, plan: Plan, options: Mapping[str, Any]) -> Backtest:
        backtest, created = asking.request_backtest(plan, force=options["force"], dispatch=False)
        if not created:
            if backtest.is_in_flight:
                raise CommandError(f"The same backtest is in flight already ({backtest.pk}).")
            return backtest
        with progress_bar(shown=not options["json"] and sys.stderr.isatty()) as report:
            try:
                running.execute(str(backtest.pk), worker=f"cli@{socket.gethostname()}", watch=report)
            except KeyboardInterrupt:
                leases.abandon(backtest)
                raise CommandError("Interrupted: the backtest is cancelled.") from None
        backtest.refresh_from_db()
        return backtest

    def _print(self, backtest: Backtest) -> None:
        found = backtest.figures
        unit = get_problem(backtest.problem).unit
        made_up = " SIMULATED." if found["is_simulated"] else ""
        self.stdout.write(f"{backtest}: {found['events']} {unit}, {found['priced']} with prices.{made_up}")
        if hindsight := words.hindsight(found):
            self.stdout.write(hindsight)
        for reason, quotes in found.get("dropped", {}).items():
            self.stdout.write(f"Left out: {quotes:,} quotes, {reason}.")
        for each in found["strategies"]:
            self.stdout.write(f"\n{each['title']} ({each['strategy']}): {each['bets']} bets")
            for title, text in _lines(each):
                self.stdout.write(f"  {title:22}{text}")
            told = words.told(each)
            for sentence in filter(None, [told["verdict"], told["closing_line"], *told["warnings"]]):
                self.stdout.write(f"  {sentence}")
        self.stdout.write("\nThe past promises nothing. If gambling stops being fun, help is free. 18+.")


def _plan(options: Mapping[str, Any]) -> Plan:
    problem = problem_from(options)
    made: dict[str, Any] = {"algorithm": options["algorithm"] or problem.default_algorithm}
    if options["version_of"]:
        made = recipe(options["version_of"], problem=problem.slug)
    set_by_hand = dict(_assignment(text) for text in options["set"])
    return Plan(
        **made | {"hyper_parameters": made.get("hyper_parameters", {}) | set_by_hand},
        problem=problem.slug,
        selection=selection_from(options),
        strategies=parse_all(options["strategy"] or USUAL),
        refit_days=options["refit_days"],
        bankroll=options["bankroll"],
        book=options["book"],
        seed=options["seed"],
    )


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _assignment(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise CommandError(f"--set wants NAME=VALUE, not {text!r}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _write(backtest: Backtest, path: Path) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            file.writelines(bets_file.as_csv(backtest))
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.") from error


def _report(backtest: Backtest) -> dict[str, Any]:
    strategies = [{**summary(each), **words.told(each)} for each in backtest.figures["strategies"]]
    return {
        "backtest": str(backtest.pk),
        "status": backtest.status,
        **backtest.figures,
        "hindsight": words.hindsight(backtest.figures),
        "strategies": strategies,
    }


def _lines(each: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Final bankroll", each["final_bankroll"]),
        ("ROI", _interval(each["roi"])),
        ("Yield", _interval(each["yield"])),
        ("  at random", _interval(each["random"])),
        ("  on the favourite", _interval(each["favourite"])),
        ("Won", _interval(each["win_rate"])),
        ("Closing-line value", _interval(each["closing_line_value"])),
        ("Turnover", each["turnover"]),
        ("Largest drawdown", f"{each['maximum_drawdown']:.1%}"),
        ("Sharpe, per day", "–" if each["sharpe"] is None else f"{each['sharpe']:.3f}"),
        ("Longest losing run", str(each["longest_losing_run"])),
    ]


def _interval(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "–"
    bounds = "" if found["low"] is None else f" (95 %: {found['low']:+.2%} to {found['high']:+.2%})"
    return f"{found['value']:+.2%}{bounds}"
