"""What the monitoring pages tell: champions, their figures beside those of their tests, drift, data quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from mlmodels.drawing.lines import LineChart, Series, line_chart
from mlmodels.errors import UnknownProblem
from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem
from mlmodels.tables import NOTHING, number
from predictions.charts.reliability import ReliabilityDiagram, reliability_diagram
from predictions.intervals import Z95
from predictions.models import Alert, DriftEvent, MonitorReport, QualityReport, RetrainingPolicy
from predictions.reading.simulated import learned_from_simulation

CHART_DAYS = 120
RECENT_ALERTS = 8
ALERT_KINDS = (
    Alert.Kind.DECAY,
    Alert.Kind.DRIFT,
    Alert.Kind.RULE,
    Alert.Kind.STALENESS,
    Alert.Kind.MISSING,
    Alert.Kind.SOURCE_FAILURE,
    Alert.Kind.OUTLIERS,
    Alert.Kind.ARTIFACT,
)
_TITLES = (
    ("accuracy", "Favourite right", "share"),
    ("log_loss", "Log loss", "nats"),
    ("brier", "Brier score", "0 to 2"),
    ("rps", "RPS", "0 to 1"),
    ("ece", "Calibration error", "0 to 1"),
)
_LOSSES = {"log_loss": "nats", "brier": "0 to 2", "rps": "0 to 1"}


@dataclass(frozen=True, kw_only=True)
class FigureLine:
    """One figure of today, of the window, as expected of what is to come, and on the test rows."""

    title: str
    unit: str
    today: str
    window: str
    expected: str
    test: str


@dataclass(frozen=True, kw_only=True)
class FeatureLine:
    """One feature of the drift table; `width` is its shift, 0 to 100, for a small bar."""

    name: str
    drifted: bool
    trained: str
    live: str
    shift: str
    width: float
    psi: str
    q: str
    design_effect: str


@dataclass(frozen=True, kw_only=True)
class ChampionCard:
    """A champion as its latest report has it; without one there is only the version."""

    version: ModelVersion
    title: str
    unit: str
    report: MonitorReport | None
    chart: LineChart | None
    loss: str
    is_simulated: bool = False
    """Whether it learned from leagues that were made up."""

    @property
    def evidence(self) -> Mapping[str, Any]:
        return self.report.evidence if self.report else {}

    @property
    def decay(self) -> Mapping[str, Any]:
        return self.evidence.get("decay") or {}

    @property
    def drift(self) -> Mapping[str, Any]:
        return self.evidence.get("drift") or {}

    @property
    def state(self) -> tuple[str, str]:
        """Class of the badge, and its words."""
        if self.report is None:
            return "outline", "Not watched yet"
        if self.decay.get("rings"):
            return "bad", "Has become worse"
        if any(each.get("drifted") for each in self.drift.get("features", ())):
            return "warn", "Inputs have drifted"
        return ("good", "As tested") if self.decay.get("decay") else ("outline", "Too few results to tell")

    @property
    def lines(self) -> list[FigureLine]:
        return figure_lines(self.report) if self.report else []

    @property
    def returns(self) -> tuple[str, str] | None:
        """The return on flat stakes of today and of the window; None where nothing was staked."""
        if self.report is None or not self.report.window_bets:
            return None
        return _percent(self.report.roi), _percent(self.report.window_roi)

    @property
    def trust(self) -> Mapping[str, Any]:
        return (self.report.expected.get("trust") if self.report else None) or {}

    @property
    def waiting(self) -> int:
        return int(self.report.expected.get("n", 0)) if self.report else 0

    @property
    def features(self) -> list[FeatureLine]:
        return [_feature_line(each) for each in self.drift.get("features", ())]

    @property
    def reliability(self) -> ReliabilityDiagram | None:
        bins = self.evidence.get("reliability") or []
        return reliability_diagram(bins) if bins else None


@dataclass(frozen=True, kw_only=True)
class QualityLine:
    report: QualityReport
    title: str

    @property
    def failures(self) -> str:
        rate = self.report.failure_rate
        return NOTHING if rate is None else f"{self.report.failed_batches} of {self.report.batches} ({rate:.0%})"


def champion_cards() -> list[ChampionCard]:
    """Every champion, by problem, with its latest report and its losses of the last days; queries do not grow
    with the champions, but for one a data set."""
    champions = list(ModelVersion.objects.champions().without_weights().order_by("problem", "scope"))
    latest = latest_reports(champions)
    histories = _histories(champions)
    made_up = learned_from_simulation(champions)
    cards = [_card(each, latest.get(each.pk), histories.get(each.pk, [])) for each in champions]
    return [replace(card, is_simulated=card.version.pk in made_up) for card in cards]


def champion_card(version: ModelVersion) -> ChampionCard:
    card = _card(version, latest_reports([version]).get(version.pk), _histories([version]).get(version.pk, []))
    return replace(card, is_simulated=bool(learned_from_simulation([version])))


def latest_reports(versions: Sequence[ModelVersion]) -> dict[int, MonitorReport]:
    """By version's id."""
    newest = MonitorReport.objects.filter(version=OuterRef("version")).order_by("-day").values("pk")[:1]
    reports = MonitorReport.objects.filter(version__in=[each.pk for each in versions], pk=Subquery(newest))
    return {report.version_id: report for report in reports}


def volume_chart(version: ModelVersion) -> LineChart | None:
    """Events settled a day."""
    days = _recent(MonitorReport.objects.filter(version=version)).values_list("day", "settled")
    rows = list(days.order_by("day"))
    if len(rows) < 2:
        return None
    points = [(day.toordinal(), float(settled)) for day, settled in rows]
    return line_chart([Series(name="Settled", points=points)], x_labels=_labels([day for day, _ in rows]))


def calibration_chart(version: ModelVersion) -> LineChart | None:
    """Calibration error of the window, day by day, beside that of the test rows."""
    rows = list(
        _recent(MonitorReport.objects.filter(version=version, window_ece__isnull=False))
        .order_by("day")
        .values_list("day", "window_ece", "test")
    )
    if len(rows) < 2:
        return None
    days = [day.toordinal() for day, _, _ in rows]
    series = [Series(name="Window", points=[(at, ece) for at, (_, ece, _) in zip(days, rows, strict=True)])]
    tested = number(rows[-1][2].get("ece"))
    if tested is not None:
        series.append(Series(name="Test rows", points=[(days[0], tested), (days[-1], tested)], style="s3"))
    return line_chart(series, x_labels=_labels([day for day, _, _ in rows]))


def drift_events(version: ModelVersion) -> Sequence[DriftEvent]:
    return list(DriftEvent.objects.filter(version=version).select_related("run")[:10])


def quality_lines() -> list[QualityLine]:
    """The latest row of each problem."""
    newest = QualityReport.objects.filter(problem=OuterRef("problem")).order_by("-day").values("pk")[:1]
    reports = QualityReport.objects.filter(pk=Subquery(newest)).order_by("problem")
    return [QualityLine(report=report, title=problem_title(report.problem)) for report in reports]


def recent_alerts() -> Sequence[Alert]:
    return list(Alert.objects.filter(kind__in=ALERT_KINDS).defer("evidence")[:RECENT_ALERTS])


def policies(problems: Sequence[str]) -> dict[str, RetrainingPolicy]:
    """By problem; the usual one, not saved, where nobody changed anything."""
    stored = {each.problem: each for each in RetrainingPolicy.objects.filter(problem__in=problems)}
    return {slug: stored.get(slug) or RetrainingPolicy(problem=slug) for slug in problems}


def problem_title(slug: str) -> str:
    try:
        return get_problem(slug).title
    except UnknownProblem:
        return slug


def figure_lines(report: MonitorReport) -> list[FigureLine]:
    """Figures that are known of the window, of the day or of the test."""
    lines = []
    for name, title, unit in _TITLES:
        today, window = getattr(report, name), getattr(report, f"window_{name}")
        tested = number(report.test.get(name))
        if today is None and window is None and tested is None:
            continue
        show = _percent if name == "accuracy" else _four
        lines.append(
            FigureLine(
                title=title,
                unit=unit,
                today=show(today),
                window=show(window),
                expected=_expected(report.expected.get(name), show),
                test=show(tested),
            )
        )
    return lines


def _card(version: ModelVersion, report: MonitorReport | None, history: Sequence[Any]) -> ChampionCard:
    loss = str((report.evidence.get("decay") or {}).get("loss") or "log_loss") if report else "log_loss"
    return ChampionCard(
        version=version,
        title=problem_title(version.problem),
        unit=_unit(version.problem),
        report=report,
        chart=_loss_chart(report, history, loss) if report else None,
        loss={"log_loss": "Log loss", "brier": "Brier score", "rps": "RPS"}[loss] + f" ({_LOSSES[loss]})",
    )


def _unit(slug: str) -> str:
    try:
        return get_problem(slug).unit
    except UnknownProblem:
        return "events"


def _histories(versions: Sequence[ModelVersion]) -> dict[int, list[Any]]:
    rows = _recent(MonitorReport.objects.filter(version__in=[each.pk for each in versions], window_settled__gt=0))
    found: dict[int, list[Any]] = {}
    names = ("version_id", "day", "window_settled", "window_log_loss", "window_brier", "window_rps")
    for row in rows.order_by("day").values(*names):
        found.setdefault(row["version_id"], []).append(row)
    return found


def _recent(reports: Any) -> Any:
    newest = reports.order_by("-day").values_list("day", flat=True).first()
    return reports.filter(day__gt=newest - timedelta(days=CHART_DAYS)) if newest else reports.none()


def _loss_chart(report: MonitorReport, history: Sequence[Mapping[str, Any]], loss: str) -> LineChart | None:
    """The window's loss day by day, the test level, what is tolerated, and where chance alone keeps it."""
    rows = [row for row in history if row[f"window_{loss}"] is not None]
    if len(rows) < 2:
        return None
    days = [row["day"].toordinal() for row in rows]
    series = [Series(name="Window", points=[(at, row[f"window_{loss}"]) for at, row in zip(days, rows, strict=True)])]
    reference = (report.evidence.get("decay") or {}).get("reference") or {}
    tested, tolerated, sd = (number(reference.get(name)) for name in ("loss", "tolerated", "sd"))
    if tested is not None and tolerated is not None and sd is not None:
        reach = [Z95 * sd / row["window_settled"] ** 0.5 for row in rows]
        series += [
            Series(name="Test rows", points=[(days[0], tested), (days[-1], tested)], style="s3"),
            Series(name="Tolerated", points=[(days[0], tolerated), (days[-1], tolerated)], style="s2"),
            Series(
                name="95 % of chance, upper",
                points=[(at, tested + r) for at, r in zip(days, reach, strict=True)],
                style="s6",
            ),
            Series(
                name="95 % of chance, lower",
                points=[(at, max(0.0, tested - r)) for at, r in zip(days, reach, strict=True)],
                style="s6",
            ),
        ]
    return line_chart(series, x_labels=_labels([row["day"] for row in rows]))


def _labels(days: Sequence[date]) -> list[tuple[float, str]]:
    return [(day.toordinal(), f"{day:%-d %b}") for day in days]


def _feature_line(each: Mapping[str, Any]) -> FeatureLine:
    numeric = each["kind"] == "numbers"
    return FeatureLine(
        name=str(each["name"]).replace("_", " "),
        drifted=bool(each["drifted"]),
        trained=f"{each['trained_mean']:.3g}" if numeric else NOTHING,
        live=f"{each['mean']:.3g}" if numeric else NOTHING,
        shift=f"{each['shift']:.2f} sd" if numeric else NOTHING,
        width=round(100 * min(1.0, each["shift"] if numeric else each["psi"]), 1),
        psi=f"{each['psi']:.3f}",
        q=f"{each['q']:.3f}" if each["q"] >= 0.001 else "< 0.001",
        design_effect=f"{each['design_effect']:.1f}",
    )


def _expected(found: Any, show: Any) -> str:
    if not isinstance(found, Mapping):
        return NOTHING
    return f"{show(found['value'])} ({show(found['low'])} to {show(found['high'])})"


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}\N{NO-BREAK SPACE}%".replace("-", "−")


def _four(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4f}"
