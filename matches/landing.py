"""How rows become matches: each finds the match it tells of, and only what differs is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from matches.competitions import competition_facts, season_code, season_code_from, season_span
from matches.errors import RowRefused
from matches.models import Competition, ImportBatch, Match, ScoreCorrection, Season, Team
from matches.models.play import STATISTICS
from matches.prices import write_prices
from matches.sources.rows import Refusal, Row
from matches.team_names import TeamNames

BATCH = 2000
SAME_MATCH = timedelta(days=3)
NOON = time(12, tzinfo=UTC)
_UPDATED = (
    "date",
    "kickoff",
    "kickoff_is_exact",
    "status",
    "home_goals",
    "away_goals",
    *STATISTICS,
    "updated_at",
)


@dataclass
class Landed:
    """What became of a file's rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    odds_written: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    changed_results: list[int] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    """Further counts for the batch's report."""
    warnings: list[str] = field(default_factory=list)

    @property
    def stands(self) -> int:
        """Rows that are in the database now."""
        return self.created + self.updated + self.unchanged


def land(rows: Sequence[Row], *, batch: ImportBatch, is_simulated: bool = False) -> Landed:
    """Write rows to the database; call it in a transaction. Rows that can't stand are refused, the others land."""
    return _Landing(batch, is_simulated=is_simulated).land(rows)


class _Landing:
    def __init__(self, batch: ImportBatch, *, is_simulated: bool) -> None:
        self.batch = batch
        self.is_simulated = is_simulated
        self.landed = Landed()
        self._competitions: dict[str, Competition] = {}
        self._seasons: dict[tuple[str, str], Season] = {}
        self._names: dict[str, TeamNames] = {}
        self._matches: dict[tuple[int, int, int], list[Match]] = {}
        self._loaded_seasons: set[int] = set()
        self._told: dict[int, Row] = {}
        self._new: list[Match] = []
        self._changed: dict[int, Match] = {}
        self._corrections: list[ScoreCorrection] = []
        self._results: list[Match] = []
        self._with_prices: list[tuple[Match, Row]] = []

    def land(self, rows: Sequence[Row]) -> Landed:
        for row in rows:
            try:
                self._take(row)
            except RowRefused as error:
                raw = {"date": str(row.date), "home": row.home, "away": row.away, "score": _score(row)}
                refusal = Refusal(
                    line=row.line, code=error.code, reason=str(error), raw=raw, competition=row.competition
                )
                self.landed.refusals.append(refusal)
        self._write()
        return self.landed

    def _take(self, row: Row) -> None:
        season = self._season(row)
        names = self._names_of(season.competition)
        home, away = names.team(row.home), names.team(row.away)
        if home == away:
            raise RowRefused("team_against_itself", f"{home.name} can't play against itself.")
        match = self._find(season, home, away, row)
        if match is None:
            match = self._create(season, home, away, row)
        elif id(match) in self._told:
            self._refuse_contradiction(self._told[id(match)], row)
            return
        else:
            self._update(match, row)
        self._told[id(match)] = row
        if row.prices:
            self._with_prices.append((match, row))

    def _refuse_contradiction(self, first: Row, row: Row) -> None:
        if (first.home_goals, first.away_goals) != (row.home_goals, row.away_goals):
            raise RowRefused(
                "duplicate_fixture",
                f"Line {first.line} tells the match as {_score(first)}, this line as {_score(row)}: the first stands.",
            )
        self.landed.unchanged += 1

    def _season(self, row: Row) -> Season:
        code = season_code_from(row.season) if row.season else season_code(row.date)
        key = (row.competition, code)
        if key not in self._seasons:
            first, last, name = season_span(code, row.date)
            self._seasons[key], _ = Season.objects.select_related("competition").get_or_create(
                competition=self._competition(row.competition),
                code=code,
                defaults={"name": name, "starts_on": first, "ends_on": last},
            )
        return self._seasons[key]

    def _competition(self, code: str) -> Competition:
        if code not in self._competitions:
            if not code.replace("-", "").isalnum() or len(code) > 20:
                raise RowRefused("bad_competition", f"{code[:40]!r} is not the code of a competition.")
            facts = competition_facts(code)
            self._competitions[code], _ = Competition.objects.get_or_create(
                code=code,
                defaults={"name": facts.name, "country": facts.country, "is_simulated": self.is_simulated},
            )
        if self._competitions[code].is_simulated != self.is_simulated:
            raise RowRefused("simulated_competition", f"{code} is simulated: real and simulated matches don't mix.")
        return self._competitions[code]

    def _names_of(self, competition: Competition) -> TeamNames:
        if competition.country not in self._names:
            self._names[competition.country] = TeamNames(
                competition.country, sport=competition.sport, is_simulated=self.is_simulated
            )
        return self._names[competition.country]

    def _find(self, season: Season, home: Team, away: Team, row: Row) -> Match | None:
        """The match a row tells of: on its day; else one not played yet (moved); else one near enough (another day).

        Where a pair meets once a season at either ground, any day is near enough: sources differ by days, and where one
        keeps the day first meant for a postponed match, by months.
        """
        if season.pk not in self._loaded_seasons:
            self._load(season)
        meetings = self._matches.get((season.pk, home.pk, away.pk), [])
        for match in meetings:
            if match.date == row.date:
                return match
        once = competition_facts(row.competition).meets_once
        for match in meetings:
            if once or not match.is_finished or abs(match.date - row.date) <= SAME_MATCH:
                return match
        return None

    def _load(self, season: Season) -> None:
        meetings = defaultdict(list)
        for match in Match.objects.filter(season=season):
            meetings[(season.pk, match.home_id, match.away_id)].append(match)
        self._matches.update(meetings)
        self._loaded_seasons.add(season.pk)

    def _create(self, season: Season, home: Team, away: Team, row: Row) -> Match:
        match = Match(
            season=season,
            home=home,
            away=away,
            date=row.date,
            kickoff=row.kickoff or _noon(row.date),
            kickoff_is_exact=row.kickoff is not None,
            status=row.status,
            home_goals=row.home_goals,
            away_goals=row.away_goals,
            **row.stats,
        )
        self._new.append(match)
        self._matches.setdefault((season.pk, home.pk, away.pk), []).append(match)
        if match.is_finished:
            self._results.append(match)
        return match

    def _update(self, match: Match, row: Row) -> None:
        told = _differences(match, row)
        if not told:
            self.landed.unchanged += 1
            return
        if "home_goals" in told or "away_goals" in told:
            self._results.append(match)
            if match.is_finished:
                self._corrections.append(_correction(match, row, self.batch))
        for name, value in told.items():
            setattr(match, name, value)
        match.updated_at = timezone.now()
        self._changed[match.pk] = match

    def _write(self) -> None:
        Match.objects.bulk_create(self._new, batch_size=BATCH)
        Match.objects.bulk_update(self._changed.values(), _UPDATED, batch_size=200)
        ScoreCorrection.objects.bulk_create(self._corrections)
        self.landed.odds_written = write_prices(
            [(match.pk, row.prices) for match, row in self._with_prices], fresh={match.pk for match in self._new}
        )
        self.landed.created, self.landed.updated = len(self._new), len(self._changed)
        self.landed.changed_results = [match.pk for match in self._results]


def _differences(match: Match, row: Row) -> dict[str, object]:
    """Fields of the match that the row tells otherwise; what a row does not tell is left as it is."""
    told: dict[str, object] = dict(row.stats)
    if row.home_goals is not None:
        told |= {"home_goals": row.home_goals, "away_goals": row.away_goals, "status": row.status}
    told |= _day(match, row)
    return {name: value for name, value in told.items() if value is not None and getattr(match, name) != value}


def _day(match: Match, row: Row) -> dict[str, object]:
    """When the match is, as the row tells it. Once played a known time stands: two sources would move it for ever."""
    if match.is_finished and match.kickoff_is_exact:
        return {}
    if row.kickoff is not None:
        return {"date": row.date, "kickoff": row.kickoff, "kickoff_is_exact": True}
    if row.date != match.date:
        return {"date": row.date, "kickoff": _noon(row.date), "kickoff_is_exact": False}
    return {}


def _correction(match: Match, row: Row, batch: ImportBatch) -> ScoreCorrection:
    before = {"old_home_goals": match.home_goals, "old_away_goals": match.away_goals}
    after = {"new_home_goals": row.home_goals, "new_away_goals": row.away_goals}
    return ScoreCorrection(match=match, batch=batch, **before, **after)


def _noon(on: date) -> datetime:
    return datetime.combine(on, NOON)


def _score(row: Row) -> str:
    return f"{row.home_goals}–{row.away_goals}" if row.home_goals is not None else "not played"
