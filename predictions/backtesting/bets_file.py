"""The bets of a backtest as a file under BACKTEST_DIR: parquet, named by its content, verified before it is read."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from mlmodels.errors import ArtifactError
from predictions.backtesting.bankroll import money

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from mlmodels.problem import Problem
    from predictions.backtesting.figures import Played
    from predictions.backtesting.walking import Walked
    from predictions.models import Backtest

COLUMNS = (
    "strategy",
    "time",
    "subject",
    "bet",
    "price",
    "book",
    "stake",
    "probability",
    "expected_value",
    "outcome",
    "profit",
    "closing_price",
    "closing_line_value",
    "quoted_at",
    "hold",
    "hindsight",
)
_MONEY = ("stake", "profit")
_TIMES = ("time", "quoted_at")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def bets_of(problem: Problem, walked: Walked, all_played: Sequence[Played]) -> pd.DataFrame:
    """One row a bet with `COLUMNS` but the last, strategy by strategy in order of time; money in cents."""
    import pandas as pd

    return pd.concat([_bets(problem, walked, played) for played in all_played], ignore_index=True)


def _bets(problem: Problem, walked: Walked, played: Played) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    rows, outcomes = played.course.rows, played.course.outcomes
    labels = np.array(problem.labels)
    return pd.DataFrame(
        {
            "strategy": played.strategy.name,
            "time": walked.frame[problem.time_column].to_numpy()[rows],
            "subject": np.array(walked.offers.subjects, dtype=object)[rows],
            "bet": labels[outcomes],
            "price": played.prices,
            "book": walked.offers.books[rows, outcomes].astype(str),
            "stake": played.course.stakes.astype(np.int64),
            "probability": played.probabilities,
            "expected_value": played.expected,
            "outcome": labels[walked.frame[problem.outcome_column].to_numpy()[rows]],
            "profit": played.course.profits.astype(np.int64),
            "closing_price": walked.offers.closing_prices[rows, outcomes],
            "closing_line_value": played.closing_line_values,
            "quoted_at": pd.to_datetime(_beside(walked.offers.quoted_at, played, np.datetime64("NaT", "s")), utc=True),
            "hold": _beside(walked.offers.holds, played, np.nan),
        }
    )


def _beside(table: np.ndarray | None, played: Played, missing: Any) -> np.ndarray:
    """What an offer's table (n, k) says of each bet (m,)."""
    import numpy as np

    rows, outcomes = played.course.rows, played.course.outcomes
    return np.full(len(rows), missing) if table is None else table[rows, outcomes]


def keep(backtest: Backtest, bets: pd.DataFrame) -> tuple[str, str]:
    """Write the bets aside and put them in place; gives the file's name and its SHA-256."""
    root = Path(settings.BACKTEST_DIR)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root, prefix=".writing-", delete=False) as aside:
        path = Path(aside.name)
    try:
        bets.to_parquet(path, index=False, compression="zstd")
        digest = _digest(path)
        name = f"{backtest.pk}-{digest[:12]}.parquet"
        path.rename(root / name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name, digest


def is_intact(backtest: Backtest) -> bool:
    return (
        bool(backtest.bets_path)
        and backtest.bets_file.is_file()
        and _digest(backtest.bets_file) == (backtest.bets_sha256)
    )


def read(backtest: Backtest) -> pd.DataFrame:
    """The bets of a completed backtest. Raises ArtifactError where the file is missing or was changed."""
    import pandas as pd

    if not is_intact(backtest):
        raise ArtifactError(
            f"The file of these bets ({backtest.bets_path or 'none'}) is missing or was changed: run it again."
        )
    return pd.read_parquet(backtest.bets_file)


def as_csv(backtest: Backtest) -> Iterator[str]:
    """The bets as lines of CSV, the names of the columns first. Raises ArtifactError before the first line.

    The column `hindsight` says yes for events of the time whose rows hyper-parameters were searched for on.
    """
    bets = read(backtest)
    return _lines(bets.assign(hindsight=_in_hindsight(backtest, bets["time"])))


def _in_hindsight(backtest: Backtest, times: pd.Series) -> Any:
    import numpy as np
    import pandas as pd

    searched = backtest.figures.get("searched_on")
    if not searched:
        return "no"
    first, last = (pd.Timestamp(searched[name]) for name in ("first", "last"))
    return np.where((times >= first) & (times < last), "yes", "no")


def _lines(bets: pd.DataFrame) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    # Older files know nothing of the newest columns.
    for row in bets.reindex(columns=list(COLUMNS)).itertuples(index=False):
        yield writer.writerow(_cells(row))


def _cells(row: Any) -> Iterable[str]:
    for name, value in zip(COLUMNS, row, strict=True):
        if name in _MONEY:
            yield str(money(value))
        elif name in _TIMES:
            yield value.isoformat() if value == value else ""
        elif isinstance(value, float):
            yield "" if value != value else f"{value:.6g}"
        else:
            text = str(value)
            # A spreadsheet takes such text for a formula.
            yield f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


class _Echo:
    """A file whose `write` gives back what it was given, so that csv's writer makes lines one by one."""

    def write(self, line: str) -> str:
        return line


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
