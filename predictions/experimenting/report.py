"""What an experiment found so far, and whether that is enough to name a winner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from mlmodels.problem import Problem, get_problem
from predictions.experimenting.figures import ArmFigures, Told, arm_figures, last_words, tables
from predictions.models import Experiment, ExperimentArm

if TYPE_CHECKING:
    from predictions.experimenting.comparing import Differences

TITLES = {"rps": "RPS", "brier": "Brier score"}
LARGEST = {"rps": 1.0, "brier": 2.0}


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Point:
    """The comparison after n events."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An arm beside the control. mean: by how much its loss is lower, with an interval that holds at every look.

    e_value: the evidence that it is lower; None where nothing is settled are `mean`, `low` and `high`.
    """

    arm: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    e_value: float
    verdict: Verdict
    words: str
    course: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class ArmReport:
    arm: ExperimentArm
    figures: ArmFigures
    comparison: Comparison | None
    """None for the control."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """`events`: that count; of an experiment by user those that every arm predicted. `winner`: an arm's name, or ""."""

    experiment: Experiment
    loss: str
    loss_title: str
    events: int
    arms: tuple[ArmReport, ...]
    winner: str
    words: str

    @property
    def comparisons(self) -> list[Comparison]:
        return [each.comparison for each in self.arms if each.comparison is not None]


def report(experiment: Experiment) -> Report:
    """Read what was settled, and compare each arm with the control; two queries, whatever was predicted."""
    problem = get_problem(experiment.problem)
    arms = list(experiment.arms.all())
    by_user = experiment.unit == Experiment.Unit.USER
    events = last_words(experiment)
    if by_user:
        events = _said_by_all(events, len(arms))
    loss = bounded_loss(problem)
    control = next(arm for arm in arms if arm.is_control)
    compare = _Compare(problem=problem, arms=arms, control=control, events=events, loss=loss, by_user=by_user)
    reports = tuple(
        ArmReport(
            arm=arm,
            figures=arm_figures(problem, [one for one in events if one.arm == arm.name]),
            comparison=None if arm.is_control else compare.with_control(arm),
        )
        for arm in arms
    )
    found = [each.comparison for each in reports if each.comparison is not None]
    winner = winner_of(control.name, found)
    return Report(
        experiment=experiment,
        loss=loss,
        loss_title=TITLES[loss],
        events=len({one.event for one in events}),
        arms=reports,
        winner=winner,
        words=_in_words(winner, control.name, found),
    )


def bounded_loss(problem: Problem) -> str:
    """The loss that arms are compared by: the problem's first metric where it is bounded, else the Brier score."""
    return problem.primary_metric.name if problem.primary_metric.name in LARGEST else "brier"


def winner_of(control: str, comparisons: Sequence[Comparison]) -> str:
    """The one arm that every other is settled against; "" while anything is open, or several beat the control."""
    better = [each.arm for each in comparisons if each.verdict == Verdict.BETTER]
    if any(each.verdict == Verdict.OPEN for each in comparisons) or len(better) > 1:
        return ""
    return better[0] if better else control


def _said_by_all(events: Sequence[Told], arms: int) -> list[Told]:
    spoken: dict[str, int] = {}
    for one in events:
        spoken[one.event] = spoken.get(one.event, 0) + 1
    return [one for one in events if spoken[one.event] == arms]


def _in_words(winner: str, control: str, comparisons: Sequence[Comparison]) -> str:
    told = " ".join(each.words[0].upper() + each.words[1:] for each in comparisons)
    if winner:
        return f"{winner} wins. {told}"
    better = [each.arm for each in comparisons if each.verdict == Verdict.BETTER]
    if len(better) > 1 and all(each.verdict != Verdict.OPEN for each in comparisons):
        names = " and ".join(better)
        return f"No winner yet: {names} are better than {control}, but were not compared with each other. {told}"
    return f"No winner yet. {told}"


@dataclass(frozen=True, kw_only=True)
class _Compare:
    """Comparing every arm of one experiment with its control; α is shared out among the arms."""

    problem: Problem
    arms: Sequence[ExperimentArm]
    control: ExperimentArm
    events: Sequence[Told]
    loss: str
    by_user: bool

    def with_control(self, arm: ExperimentArm) -> Comparison:
        from mlmodels.evaluation import sequential
        from predictions.experimenting.comparing import ALPHA, running_interval

        differences = self._paired(arm) if self.by_user else self._weighted(arm)
        if not len(differences.values):
            return _nothing(arm.name)
        alpha = ALPHA / (len(self.arms) - 1)
        course = running_interval(differences, alpha=alpha)
        state = sequential.compare(differences.values, differences.bounds, alpha=alpha)
        verdict = verdict_of(state.low, state.high)
        return Comparison(
            arm=arm.name,
            n=state.n,
            mean=state.mean,
            low=state.low,
            high=state.high,
            e_value=state.e_value,
            verdict=verdict,
            words=self._words(arm, state, verdict),
            course=tuple(
                Point(n=n, mean=float(course.mean[n - 1]), low=float(course.low[n - 1]), high=float(course.high[n - 1]))
                for n in range(1, state.n + 1)
            ),
        )

    def _paired(self, arm: ExperimentArm) -> Differences:
        """Both said something of each event; events of one match are one observation."""
        from mlmodels.evaluation import sequential
        from predictions.experimenting.comparing import Differences, paired

        mine = [one for one in self.events if one.arm == arm.name]
        if not mine:
            return _none()
        # By event, not by place: one that was postponed may be in another place of each arm's list.
        of_control = {one.event: one for one in self.events if one.arm == self.control.name}
        theirs = [of_control[one.event] for one in mine]
        (own, own_by), (other, other_by) = self._losses(mine), self._losses(theirs)
        found = paired(other, own, other_by, own_by)
        groups = [str(one.match_id) if one.match_id is not None else one.event for one in mine]
        values, bounds = sequential.grouped(found.values, found.bounds, groups)
        return Differences(values=values, bounds=bounds)

    def _weighted(self, arm: ExperimentArm) -> Differences:
        """Each event has one arm."""
        from predictions.experimenting.comparing import weighted

        if not self.events:
            return _none()
        names = [each.name for each in self.arms]
        losses, _ = self._losses(self.events)
        return weighted(
            losses,
            [names.index(one.arm) for one in self.events],
            control=names.index(self.control.name),
            arm=names.index(arm.name),
            shares=[float(each.share) for each in self.arms],
            most=LARGEST[self.loss],
            usual=_usual(self.loss, len(self.problem.labels)),
        )

    def _losses(self, events: Sequence[Told]) -> tuple[Any, Any]:
        """Losses (n,), and losses (n, k) had each label come true."""
        import numpy as np

        from mlmodels.evaluation.metrics import brier_each, rps_each

        each = {"rps": rps_each, "brier": brier_each}[self.loss]
        said, came = tables(self.problem, events)
        by_label = np.stack([each(said, np.full(len(came), label)) for label in range(said.shape[1])], axis=1)
        return by_label[np.arange(len(came)), came], by_label

    def _words(self, arm: ExperimentArm, state: Any, verdict: Verdict) -> str:
        title, n = TITLES[self.loss], f"{state.n:,} event{'' if state.n == 1 else 's'}"
        size, way = abs(state.mean), "lower" if state.mean >= 0 else "higher"
        said = f"after {n} the {title} of {arm.name} is {size:.4f} {way} than that of {self.control.name}"
        if verdict == Verdict.OPEN:
            return f"{said}, but anything from {-state.low:.4f} higher to {state.high:.4f} lower is possible."
        low, high = sorted((abs(state.low), abs(state.high)))
        return f"{said} ({low:.4f} to {high:.4f}, an interval that holds at every look)."


def verdict_of(low: float, high: float) -> Verdict:
    """What an interval for the improvement says: only one that excludes zero settles anything."""
    if low > 0:
        return Verdict.BETTER
    return Verdict.WORSE if high < 0 else Verdict.OPEN


def _usual(loss: str, labels: int) -> float:
    """What a forecast of equal chances is expected to lose."""
    even = 1 / labels
    if loss == "brier":
        return 1 - even
    return sum(step * even * (1 - step * even) for step in range(1, labels)) / max(1, labels - 1)


def _nothing(arm: str) -> Comparison:
    words = f"nothing is settled yet that would tell {arm} from the control."
    return Comparison(
        arm=arm, n=0, mean=None, low=None, high=None, e_value=1.0, verdict=Verdict.OPEN, words=words, course=()
    )


def _none() -> Differences:
    import numpy as np

    from predictions.experimenting.comparing import Differences

    return Differences(values=np.zeros(0), bounds=np.zeros(0))
