"""Everything known about one match: what we and the market say, both teams' form, and how it turned out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from matches.models import Match
from mlmodels.drawing.lines import LineChart
from mlmodels.models import ModelVersion
from predictions.charts.heat_map import HeatMap, heat_map
from predictions.experimenting.seats import Seat
from predictions.football.forecasting import NOTE_CODES, PRIOR
from predictions.football.markets import score_matrix
from predictions.reading.driver_rows import DriverRows, driver_rows
from predictions.reading.form import TeamForm, head_to_head, recent_form
from predictions.reading.movement import movement
from predictions.reading.outcome_rows import Disagreement, Opinion, OutcomeRow, disagreement, opinions, outcome_rows
from predictions.reading.prices import market_totals, prices_of
from predictions.reading.statements import PROBLEM, Statement, football_predictions, statements
from predictions.upcoming import HORIZON


@dataclass(frozen=True, kw_only=True)
class TotalRow:
    """Over and under of one goal line in whole per cent, and the market's over where it is quoted."""

    line: float
    over: int
    under: int
    market: int | None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the standing prediction says beyond 1X2."""

    heat_map: HeatMap
    totals: list[TotalRow]
    both_to_score: int
    correct_scores: list[tuple[int, int, float]]
    """(home, away, per cent)."""
    drivers: DriverRows | None
    notes: list[str]
    rests_on_prior: bool

    @property
    def has_market_totals(self) -> bool:
        return any(row.market is not None for row in self.totals)


@dataclass(frozen=True, kw_only=True)
class MatchPage:
    match: Match
    statement: Statement | None
    said: Said | None
    silence: str
    """Why there is no prediction; empty where there is one."""
    rows: list[OutcomeRow]
    opinions: list[Opinion]
    disagreement: Disagreement | None
    forms: tuple[TeamForm, TeamForm]
    meetings: Sequence[Match]
    history: list[Statement]
    movement: LineChart | None

    @property
    def awaits_result(self) -> bool:
        """Kicked off by now, and no score is known yet."""
        return self.match.status == Match.Status.SCHEDULED and self.match.kickoff <= timezone.now()


def match_page(match: Match, *, seats: Sequence[Seat] = ()) -> MatchPage:
    """Gather a match's page; its teams and competition are loaded already."""
    history = [Statement(row) for row in football_predictions(*seats).filter(match=match).order_by("-sequence")]
    statement = statements([match.pk], seats).get(match.pk)
    prices = prices_of([match.pk])[match.pk]
    rows, voices = outcome_rows(match, statement, prices), opinions(statement, prices)
    return MatchPage(
        match=match,
        statement=statement,
        said=_said(match, statement) if statement else None,
        silence="" if statement else why_silent(match, came_late=bool(history)),
        rows=rows,
        opinions=voices,
        disagreement=disagreement(rows, statement, voices),
        forms=(recent_form(match.home, before=match.kickoff), recent_form(match.away, before=match.kickoff)),
        meetings=head_to_head(match.home, match.away, before=match.kickoff),
        history=history,
        movement=movement(history),
    )


def why_silent(match: Match, *, came_late: bool = False) -> str:
    """Why nothing that we said of a match counts; `came_late` where something was said after its kick-off."""
    now = timezone.now()
    if came_late:
        return "It kicked off earlier than was announced, so what we had written came too late and does not count."
    if match.is_finished or match.kickoff <= now:
        return "It kicked off before we had said anything of it, and we never predict afterwards."
    if match.status != Match.Status.SCHEDULED:
        return f"It is {match.get_status_display().lower()}: we predict it when it has a new kick-off."
    if not ModelVersion.objects.for_problem(PROBLEM).champions().exists():
        return "No model is in service yet. As soon as one is trained and promoted, fixtures are predicted."
    if match.kickoff > now + HORIZON:
        return f"We predict {HORIZON.days} days ahead, so that the latest form counts. Come back nearer to kick-off."
    return "It waits for the next round of predictions."


def _said(match: Match, statement: Statement) -> Said:
    prediction, read, market = statement.prediction, statement.markets, market_totals(match.pk)
    return Said(
        heat_map=heat_map(score_matrix(prediction.distribution, prediction.probabilities), score=_final_score(match)),
        totals=[_total(line, over, market.get(line)) for line, (over, _, _) in read.totals.items()],
        both_to_score=round(100 * read.both_to_score),
        correct_scores=[(home, away, 100 * p) for home, away, p in read.correct_scores[:6]],
        drivers=driver_rows(prediction, match),
        notes=[_named(match, note) for note in prediction.notes if note not in NOTE_CODES],
        rests_on_prior=PRIOR in prediction.notes,
    )


def _final_score(match: Match) -> tuple[int, int] | None:
    if not match.is_finished or match.home_goals is None or match.away_goals is None:
        return None
    return match.home_goals, match.away_goals


def _total(line: float, over: float, market: float | None) -> TotalRow:
    percent = round(100 * over)
    return TotalRow(
        line=line, over=percent, under=100 - percent, market=None if market is None else round(100 * market)
    )


def _named(match: Match, note: str) -> str:
    """A note with the teams' names where it has their slugs."""
    return note.replace(match.home.slug, match.home.name).replace(match.away.slug, match.away.name)
