"""Backtests as their pages show them: figures in words, tables and charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from mlmodels import listing
from mlmodels.drawing.lines import LineChart, Series, line_chart
from mlmodels.errors import ModelError
from mlmodels.evaluation.returns import FEWEST_BLOCKS
from mlmodels.problem import Problem, get_problem
from predictions.backtesting import words
from predictions.backtesting.strategies import parse
from predictions.errors import PredictionError
from predictions.models import Backtest

NOTHING = "–"
BEST = "the best of all bookmakers"
MINUS = "\N{MINUS SIGN}"
STYLES = ("s1", "s2", "s3", "s4", "s5", "s6")
MOST_LINES = len(STYLES)
LETTERS = "ABCD"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure and, where there is one, its 95 % interval, in words."""

    text: str
    interval: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure over several strategies."""

    title: str
    hint: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class BacktestLine:
    backtest: Backtest
    title: str
    problem: str
    badge: str
    on: str
    duration: str
    strategies: list[tuple[str, Cell]]
    """(title, yield) of each."""
    is_simulated: bool
    prices: str
    letter: str = ""
    """What stands for it where several are compared."""


@dataclass(frozen=True)
class StrategyReport:
    """What one strategy came to."""

    found: Mapping[str, Any]
    number: int

    @property
    def title(self) -> str:
        return str(self.found["title"])

    @property
    def style(self) -> str:
        return STYLES[self.number % len(STYLES)]

    @property
    def chart_name(self) -> str:
        """An id for its chart, unique on the page."""
        return f"claims-chart-{self.number}"

    @property
    def bets(self) -> int:
        return int(self.found["bets"])

    @property
    def verdict(self) -> str:
        return words.verdict(self.found)

    @property
    def closing_line(self) -> str:
        return words.closing_line(self.found)

    @property
    def warnings(self) -> list[str]:
        return words.warnings(self.found)

    @property
    def fall(self) -> str:
        """When the largest drawdown was."""
        first, last = _day(self.found["drawdown_from"]), _day(self.found["drawdown_to"])
        return f"{first:%-d %b %Y} to {last:%-d %b %Y}" if first and last and first < last else ""

    @property
    def deepest(self) -> str:
        return percent(self.found["maximum_drawdown"])

    @property
    def months(self) -> list[dict[str, Any]]:
        return [_month(month) for month in reversed(self.found["months"])]

    @property
    def claims(self) -> list[dict[str, Any]]:
        """Bets by the expected value that was claimed."""
        return [
            {
                "class": _class(one["low"], one["high"]),
                "bets": one["bets"],
                "claimed": signed(one["claimed"]),
                "realised": share(one["realised"]),
            }
            for one in self.found["claims"]
        ]

    @cached_property
    def claims_chart(self) -> LineChart | None:
        """Claimed against realised, by class."""
        claims = [one for one in self.found["claims"] if one["realised"]]
        if len(claims) < 2:
            return None
        lines = (
            ("Claimed", "s6", [one["claimed"] for one in claims]),
            ("Realised", "s1", [one["realised"]["value"] for one in claims]),
        )
        series = [
            Series(name=name, style=style, points=[(i, 100 * value) for i, value in enumerate(values)])
            for name, style, values in lines
        ]
        labels = [(float(i), _class(one["low"], one["high"])) for i, one in enumerate(claims)]
        return line_chart(series, x_labels=labels)


@dataclass(frozen=True)
class BacktestReport:
    """A completed backtest's figures."""

    backtest: Backtest

    @property
    def found(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.backtest.figures
        return found

    @property
    def hindsight(self) -> str:
        return words.hindsight(self.found)

    @cached_property
    def strategies(self) -> list[StrategyReport]:
        return [StrategyReport(one, number) for number, one in enumerate(self.found["strategies"])]

    @property
    def first(self) -> datetime:
        return datetime.fromisoformat(self.found["first"])

    @property
    def last(self) -> datetime:
        return datetime.fromisoformat(self.found["last"])

    @cached_property
    def rows(self) -> list[Row]:
        return rows([one.found for one in self.strategies])

    @property
    def model(self) -> list[tuple[str, list[str]]]:
        """(what, figures in the order of the metrics) of the forecasts and of the closing line, on the same rows."""
        metrics = self.metrics
        return [
            (name.capitalize(), [_four(figures.get(metric)) for metric, _ in metrics])
            for name, figures in self.found["model"].items()
        ]

    @cached_property
    def metrics(self) -> list[tuple[str, str]]:
        """(name, title) of the problem's first few metrics."""
        return [(metric.name, metric.title) for metric in get_problem(self.backtest.problem).metrics[:4]]

    @cached_property
    def bankroll_chart(self) -> LineChart | None:
        return course_chart([(one.title, one.found["curve"]) for one in self.strategies], "bankroll")

    @cached_property
    def drawdown_chart(self) -> LineChart | None:
        return course_chart([(one.title, one.found["curve"]) for one in self.strategies], "drawdown", times=-100)


@dataclass(frozen=True)
class BacktestComparison:
    """Several backtests side by side; a column a strategy."""

    backtests: Sequence[Backtest]

    @cached_property
    def columns(self) -> list[tuple[Backtest, Mapping[str, Any]]]:
        return [(backtest, one) for backtest in self.backtests for one in backtest.figures["strategies"]]

    @property
    def lines(self) -> list[tuple[BacktestLine, int]]:
        """(backtest, how many columns it has)."""
        lettered = zip(LETTERS, backtest_lines(self.backtests), strict=False)
        return [(replace(line, letter=letter), len(line.backtest.figures["strategies"])) for letter, line in lettered]

    @cached_property
    def rows(self) -> list[Row]:
        return rows([one for _, one in self.columns])

    @property
    def is_on_the_same_rows(self) -> bool:
        return len({(str(each.selection), each.fingerprint, each.book) for each in self.backtests}) == 1

    @cached_property
    def chart(self) -> LineChart | None:
        """Each bankroll as a percentage of its start."""
        curves = [
            (
                f"{letter}: {one['title']}",
                [{**point, "bankroll": 100 * point["bankroll"] / float(backtest.bankroll)} for point in one["curve"]],
            )
            for letter, backtest in zip(LETTERS, self.backtests, strict=False)
            for one in backtest.figures["strategies"]
        ]
        return course_chart(curves[:MOST_LINES], "bankroll")

    @property
    def left_out(self) -> int:
        """Lines for which the chart has no colour left."""
        return max(0, len(self.columns) - MOST_LINES)


def backtest_line(backtest: Backtest) -> BacktestLine:
    problem = _known(backtest.problem)
    found = backtest.figures.get("strategies", [])
    titles = [(one["title"], share(one["yield"])) for one in found]
    return BacktestLine(
        backtest=backtest,
        title=listing.algorithm_title(backtest.problem, backtest.algorithm),
        problem=problem.title if problem else backtest.problem,
        badge=listing.RUN_BADGES[Backtest.Status(backtest.status)],
        on=listing.selection_in_words(backtest.selection, problem),
        duration=listing.duration(backtest),
        strategies=titles or [(_title(name), Cell(text="")) for name in backtest.strategies],
        is_simulated=bool(backtest.figures.get("is_simulated")),
        prices=(problem.bookmakers.get(backtest.book, backtest.book) if problem else backtest.book) or BEST,
    )


def backtest_lines(backtests: Iterable[Backtest]) -> list[BacktestLine]:
    return [backtest_line(backtest) for backtest in backtests]


def rows(strategies: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Every figure of several strategies, a line each."""
    told = [
        ("Bets", "offers taken", lambda one: Cell(text=f"{one['bets']:,}")),
        ("Final bankroll", "", lambda one: Cell(text=amount(one["final_bankroll"]))),
        ("ROI", "of the starting bankroll", lambda one: share(one["roi"])),
        ("Yield", "of the turnover", lambda one: share(one["yield"])),
        ("Yield at random", "the same stakes, shared over all outcomes", lambda one: share(one["random"])),
        ("Yield on favourites", "the same stakes, on the shortest price", lambda one: share(one["favourite"])),
        ("Won", "of the bets", lambda one: share(one["win_rate"], sign=False)),
        ("Closing-line value", "mean a bet", lambda one: share(one["closing_line_value"])),
        ("Claimed value", "mean expected value", lambda one: Cell(text=signed(one["expected"]))),
        ("Mean price", "decimal odds", lambda one: Cell(text=_two(one["mean_price"]))),
        ("Turnover", "all stakes", lambda one: Cell(text=amount(one["turnover"]))),
        ("Largest drawdown", "from a peak", lambda one: Cell(text=percent(one["maximum_drawdown"]))),
        ("Sharpe ratio", "per day with bets", lambda one: Cell(text=_three(one["sharpe"]))),
        ("Longest losing run", "bets", lambda one: Cell(text=str(one["longest_losing_run"]))),
    ]
    return [Row(title=title, hint=hint, cells=tuple(map(cell, strategies))) for title, hint, cell in told]


def course_chart(
    curves: Sequence[tuple[str, Sequence[Mapping[str, Any]]]], figure: str, *, times: float = 1
) -> LineChart | None:
    """Lines over days of one figure of the curves."""
    series = [
        Series(
            name=name,
            style=STYLES[number % len(STYLES)],
            points=[(date.fromisoformat(point["day"]).toordinal(), times * point[figure]) for point in curve],
        )
        for number, (name, curve) in enumerate(curves)
        if curve
    ]
    days = [x for one in series for x, _ in one.points]
    return line_chart(series, x_labels=_months(int(min(days)), int(max(days)))) if days else None


def _months(first: int, last: int) -> list[tuple[float, str]]:
    """The first day of each month between two days; both days where there is none."""
    days = map(date.fromordinal, range(first, last + 1))
    found = [(float(day.toordinal()), f"{day:%b %Y}") for day in days if day.day == 1]
    return found or [(float(day), f"{date.fromordinal(day):%-d %b %Y}") for day in sorted({first, last})]


def amount(text: Any) -> str:
    """Money with two places."""
    return f"{Decimal(text):,.2f}".replace("-", MINUS)


def percent(value: float | None, *, sign: bool = False) -> str:
    if value is None:
        return NOTHING
    text = f"{100 * value:+,.1f}" if sign else f"{100 * value:,.1f}"
    return f"{text}\u00a0%".replace("-", MINUS)


def signed(value: float | None) -> str:
    return percent(value, sign=True)


def share(found: Mapping[str, Any] | None, *, sign: bool = True) -> Cell:
    """A stored ratio with its interval."""
    if found is None:
        return Cell(text=NOTHING)
    if found["low"] is None:
        why = "too few weeks" if found["blocks"] < FEWEST_BLOCKS else "weeks too alike"
        return Cell(text=percent(found["value"], sign=sign), interval=f"{why} for an interval")
    low, high = (percent(found[name], sign=sign) for name in ("low", "high"))
    return Cell(text=percent(found["value"], sign=sign), interval=f"{low} to {high}")


def _month(month: Mapping[str, Any]) -> dict[str, Any]:
    staked, profit = Decimal(month["staked"]), Decimal(month["profit"])
    return {
        "month": date.fromisoformat(f"{month['month']}-01"),
        "bets": month["bets"],
        "won": month["won"],
        "staked": amount(month["staked"]),
        "profit": amount(month["profit"]),
        "is_loss": profit < 0,
        "yield": signed(float(profit / staked) if staked else None),
        "bankroll": amount(month["bankroll"]),
    }


def _class(low: float, high: float | None) -> str:
    if low < 0:
        return "below 0 %"
    return f"above {100 * low:.0f} %" if high is None else f"{100 * low:.0f} to {100 * high:.0f} %"


def _title(name: str) -> str:
    try:
        return parse(name).title
    except PredictionError:
        return name


def _known(slug: str) -> Problem | None:
    try:
        return get_problem(slug)
    except ModelError:
        return None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _two(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _three(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}".replace("-", MINUS)


def _four(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4f}"
