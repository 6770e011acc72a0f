"""The page of one challenger: both models on the same events, how the difference grew, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mlmodels.drawing.bands import BandChart, Known, Reference, band_chart
from mlmodels.drawing.lines import LineChart, Series, line_chart
from mlmodels.models import ModelVersion, Promotion
from predictions.challenging.deciding import Standing
from predictions.challenging.evidence import e_value, percent
from predictions.challenging.pairs import Pair, losses

MOST_DECISIONS = 60
SIDES = ("champion", "challenger")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One decision with the figures it was made from; empty where it was made without."""

    promotion: Promotion
    n: str
    improvement: str
    interval: str
    e_value: str


def decisions(version: ModelVersion) -> list[Told]:
    """The latest about this version, and whatever put it out of service."""
    about = Promotion.objects.about(version).select_related("version", "decided_by", "previous_champion")
    return [told(promotion) for promotion in about[:MOST_DECISIONS]]


def told(promotion: Promotion) -> Told:
    found: dict[str, Any] = promotion.evidence if isinstance(promotion.evidence, dict) else {}
    n, low, high = found.get("n"), found.get("relative_low"), found.get("relative_high")
    return Told(
        promotion=promotion,
        n=f"{n:,}" if isinstance(n, int) else "",
        improvement=percent(found["relative_improvement"]) if found.get("relative_improvement") is not None else "",
        interval=f"{percent(low)} to {percent(high)}" if low is not None and high is not None else "",
        e_value=e_value(found["e_value"]) if found.get("e_value") is not None else "",
    )


def difference_chart(standing: Standing) -> BandChart | None:
    """The mean improvement after each pair, in per cent of the champion's loss, with its time-uniform band."""
    from mlmodels.evaluation.sequential import confidence_sequence

    found = losses(standing.pairs, standing.evidence.loss)
    champion_loss = standing.evidence.champion_loss
    if found.differences.size < 2 or not champion_loss:
        return None
    low, high = confidence_sequence(found.differences, found.bounds, standing.policy.alpha)
    scale = 100 / champion_loss
    total, course = 0.0, []
    for place, difference in enumerate(found.differences.tolist()):
        total += difference
        course.append(
            Known(
                x=place + 1,
                value=scale * total / (place + 1),
                low=scale * float(low[place]),
                high=scale * float(high[place]),
            )
        )
    asked = 100 * standing.policy.minimum_improvement
    marks = (Reference(at=0.0, words="no different"), Reference(at=asked, words="asked for"))
    return band_chart(course, references=marks if asked else marks[:1])


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How often what each said came, over all outcomes; rows: what was said, and how often it came for either."""

    chart: LineChart
    rows: Sequence[tuple[str, ...]]


def calibration(pairs: Sequence[Pair]) -> Calibration | None:
    """None without pairs."""
    if not pairs:
        return None
    from mlmodels.evaluation.metrics import reliability_bins

    outcomes = [pair.outcome for pair in pairs]
    bins = {
        side: {round(10 * each["low"]): each for each in reliability_bins([getattr(p, side) for p in pairs], outcomes)}
        for side in SIDES
    }
    series = [
        Series(
            name=side.capitalize(),
            style=style,
            points=[(each["mean_probability"], each["frequency"]) for each in bins[side].values()],
        )
        for side, style in (("champion", "s3"), ("challenger", "s1"))
    ]
    diagonal = Series(name="As said", points=[(0.0, 0.0), (1.0, 1.0)])
    chart = line_chart(series, x_labels=[(tenth / 5, f"{20 * tenth} %") for tenth in range(6)], context=[diagonal])
    if chart is None:
        return None
    shown = sorted({*bins["champion"], *bins["challenger"]})
    rows = [
        (f"{10 * tenth} to {10 * tenth + 10} %", *(_came(bins[side].get(tenth)) for side in SIDES)) for tenth in shown
    ]
    return Calibration(chart=chart, rows=rows)


def _came(found: Any) -> str:
    return f"{percent(found['frequency'])} of {found['count']:,}" if found else ""
