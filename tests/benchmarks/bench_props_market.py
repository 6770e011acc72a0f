"""Bookmakers' lines on players of a season put together, from the database: the consensus, and what could be bet at.

The peer is reading the same quotes alone: what is above it is cleaning, medians, taking margins out and best prices.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command

from matches.models import PlayerGame, PropLine
from predictions.basketball.market import consensus
from predictions.basketball.market_offers import offers
from predictions.basketball.market_quotes import last_quotes
from tests.benchmarks.figures import cpu_seconds, report

STATISTIC = "pra"
LIMIT_SECONDS = 10.0


@pytest.mark.django_db
@pytest.mark.usefixtures("storage")
def test_a_seasons_lines_are_put_together_in_seconds(real_basketball: Path) -> None:
    call_command("import_games", "nba-logs", str(real_basketball / "player_logs_2023-24.csv.gz"), verbosity=0)
    call_command("import_games", "prop-lines", str(real_basketball / "lines" / "pra_odds_2023-24.csv.gz"), verbosity=0)
    keys = list(PlayerGame.objects.values_list("match_id", "player_id"))
    quotes = PropLine.objects.count()
    reading = cpu_seconds(lambda: last_quotes(keys, STATISTIC), repeats=3)
    together = cpu_seconds(lambda: consensus(keys, STATISTIC), repeats=3)
    found = consensus(keys, STATISTIC)
    known = found.books > 0
    frame = pd.DataFrame(keys, columns=["match", "player"]).assign(line=found.line)[known]
    offered = cpu_seconds(lambda: offers(frame, STATISTIC), repeats=3)
    report(
        f"consensus of {known.sum():,} of {len(keys):,} players' games, {quotes:,} quotes",
        together,
        "s CPU",
        ratio=round(reading / together, 2),
        peer=f"reading the quotes alone {reading:.2f} s CPU",
    )
    report(f"offers on {len(frame):,} players' games", offered, "s CPU")
    assert together < LIMIT_SECONDS
