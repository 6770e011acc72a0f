"""Box scores out of the database, as the columns that features read."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Max, QuerySet

from matches.models import GameLine, Match, PlayerGame, Sport, Team
from matches.models.box_scores import BOX_SCORE
from mlmodels.memory import keep_out_of_collections
from mlmodels.problem import Progress, silent

if TYPE_CHECKING:
    import numpy as np

    from matches.models.play import MatchQuerySet
    from predictions.basketball.box_scores import BoxScores

CHUNK = 20_000

_COUNTED = tuple(name for name in BOX_SCORE if name != "plus_minus")
_GAME = ("match_id", "player_id", "team_id", "match__home_id", "match__away_id", "match__date", "match__season__code")

_kept: list[tuple[str, BoxScores]] = []
_lock = threading.Lock()


def basketball() -> MatchQuerySet:
    """Games, whatever their competition."""
    games: MatchQuerySet = Match.objects.filter(season__competition__sport=Sport.BASKETBALL)
    return games


def played(competitions: Collection[str] = (), *, until: date | None = None) -> MatchQuerySet:
    """Finished games of some competitions, or of all, up to a day."""
    games = basketball().finished().between(None, until)
    return games.in_competitions(competitions) if competitions else games


def stamp(competitions: Collection[str] = (), *, until: date | None = None) -> str:
    """Changes whenever a game came in or was corrected."""
    found = played(competitions, until=until).aggregate(rows=Count("pk"), changed=Max("updated_at"))
    return f"{found['rows']}/{found['changed']}"


def box_scores(
    competitions: Collection[str] = (), *, until: date | None = None, progress: Progress = silent
) -> BoxScores:
    """Every line of the box scores of finished games, in one query, with what bookmakers thought of the games."""
    import numpy as np

    from predictions.basketball.box_scores import BoxScores

    games = played(competitions, until=until)
    lines = PlayerGame.objects.filter(match__in=games.values("pk")).in_order()
    total = max(1, lines.count())
    rows: list[tuple[Any, ...]] = []
    for batch in _batches(lines.values_list(*_GAME, "is_home", "match__is_playoff", *_COUNTED).iterator(CHUNK)):
        rows += batch
        progress(len(rows) / total, f"Read {len(rows):,} of {total:,} lines of box scores")
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(_GAME) + 2 + len(_COUNTED))
    match, player, team, home, away = (np.array(column, dtype=np.int64) for column in columns[:5])
    is_home = np.array(columns[7], dtype=bool)
    quoted = GameLine.objects.filter(match__in=games.values("pk"))
    spread, points = of_games(match, is_home, quoted)
    counted: dict[str, Any] = dict(
        zip(_COUNTED, (np.array(column, dtype=float) for column in columns[9:]), strict=True)
    )
    return BoxScores(
        match=match,
        player=player,
        team=team,
        opponent=np.where(team == home, away, home),
        day=np.array([day.toordinal() for day in columns[5]], dtype=np.int32),
        season=np.array(columns[6], dtype=object),
        is_home=is_home,
        is_playoff=np.array(columns[8], dtype=bool),
        spread=spread,
        total=points,
        abbreviations=abbreviations(),
        **counted,
    )


def current() -> BoxScores:
    """The table of everything played so far, kept in this process and made again when games came in or changed."""
    mark = stamp()
    with _lock:
        if _kept and _kept[0][0] == mark:
            return _kept[0][1]
    fresh = box_scores()
    fresh.history  # noqa: B018 - indexed here, once, and not when the first question comes
    keep_out_of_collections()
    with _lock:
        _kept[:] = [(mark, fresh)]
    return fresh


def forget() -> None:
    """Let this process make the table anew when it is next asked for."""
    with _lock:
        _kept.clear()


def abbreviations() -> Mapping[int, str]:
    """Of every basketball team's id."""
    teams = Team.objects.filter(sport=Sport.BASKETBALL).exclude(abbreviation="")
    return dict(teams.values_list("pk", "abbreviation"))


def of_games(match: np.ndarray, is_home: np.ndarray, lines: QuerySet[GameLine]) -> tuple[np.ndarray, np.ndarray]:
    """Spread from each row's side (n,), negative for favourites, and total points expected (n,); NaN where unknown."""
    import numpy as np

    means = lines.order_by().values("match_id").annotate(spread=Avg("spread_home"), points=Avg("total"))
    known = {row["match_id"]: (_number(row["spread"]), _number(row["points"])) for row in means}
    nothing = (float("nan"), float("nan"))
    table = np.array([known.get(pk, nothing) for pk in match.tolist()], dtype=float).reshape(-1, 2)
    return np.where(is_home, table[:, 0], -table[:, 0]), table[:, 1]


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    while batch := list(islice(rows, CHUNK)):
        yield batch
