import csv
import json
from collections.abc import Hashable
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from matches.models import Match
from predictions.backtesting import asking
from predictions.models import Backtest
from tests.predictions.backtesting.conftest import PricedToss, plan
from tests.predictions.football.conftest import league

pytestmark = pytest.mark.django_db
__all__ = ["league"]


def said(*words: str) -> str:
    out = StringIO()
    call_command("backtest", *words, stdout=out)
    return out.getvalue()


def test_it_prints_figures_words_and_a_caution(priced_toss: PricedToss) -> None:
    told = said("priced-toss", "--refit-days", "30", "--strategy", "value", "--strategy", "kelly:fraction=0.3")
    for words in ("350 with prices", "Value, flat stakes (value)", "at random", "95 %:", "Longest losing run", "18+"):
        assert words in told


def test_json_and_csv_agree(priced_toss: PricedToss, tmp_path: Path) -> None:
    file = tmp_path / "bets.csv"
    found = json.loads(said("priced-toss", "--refit-days", "30", "--strategy", "value", "--json", "--csv", str(file)))
    (value,) = found["strategies"]
    rows = list(csv.DictReader(file.open()))
    assert len(rows) == value["bets"]
    assert sum(float(row["profit"]) for row in rows) == pytest.approx(float(value["profit"]))
    assert value["verdict"]
    again = json.loads(said("priced-toss", "--refit-days", "30", "--strategy", "value", "--json"))
    assert again["backtest"] == found["backtest"], "nothing has changed"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("--strategy", "martingale"), "no strategy 'martingale'"),
        (("--strategy", "kelly:fraction=7"), "at most 1, not 7"),
        (("--bankroll", "-1"), "The bankroll is an amount"),
        (("--refit-days", "0"), "from 1 to 366, not 0"),
        (("--from", "2999-01-01"), "still to come"),
        (("--from", "2020-05-01", "--to", "2020-04-01"), "swap the two dates"),
        (("--seasons", "1920,2021"), "Nothing finished is known of the seasons '1920' and '2021'"),
        (("--algorithm", "magic"), "magic"),
        (("--version-of", "v0"), "no version 'v0'"),
        (("--book", "NOBODY"), "no bookmaker"),
        (("--set", "luck"), "NAME=VALUE"),
        (("--csv", "/nowhere/at/all.csv", "--refit-days", "90"), "can't be written"),
    ],
)
def test_nonsense_ends_in_words(priced_toss: PricedToss, words: tuple[str, ...], refusal: str) -> None:
    with pytest.raises(CommandError, match=refusal):
        said("priced-toss", *words)


def test_a_failure_and_one_in_flight_end_in_words(priced_toss: PricedToss) -> None:
    asking.request_backtest(plan("value"), dispatch=False)
    with pytest.raises(CommandError, match="in flight already"):
        said("priced-toss", "--strategy", "value", "--refit-days", "30")
    priced_toss.tosses = 40
    with pytest.raises(CommandError, match="has 50 before it to learn from"):
        said("priced-toss")


def football(*words: str) -> list[dict[Hashable, Any]]:
    """The bets of a backtest of the small league's last season."""
    from predictions.backtesting import bets_file

    said("football-outcome", "--algorithm", "dixon-coles", "--seasons", "2324", "--strategy", "value", *words)
    backtest = Backtest.objects.latest("created_at")
    return bets_file.read(backtest).to_dict("records")


def test_results_to_come_move_no_earlier_bet_on_football(
    league: list[Match], storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from predictions.problems.football_outcome import FootballOutcome

    monkeypatch.setattr(FootballOutcome, "minimum_rows", 30)
    before = football("--refit-days", "28", "--book", "PS")
    finished = [match for match in league if match.status == Match.Status.FINISHED]
    turn = finished[-12].kickoff
    for match in finished[-12:]:
        match.home_goals, match.away_goals = (match.away_goals or 0) + 3, match.home_goals
        match.save()
    after = football("--refit-days", "28", "--book", "PS", "--force")
    early = [[row for row in rows if row["time"] < turn] for rows in (before, after)]
    assert len(early[0]) > 10
    pd.testing.assert_frame_equal(pd.DataFrame(early[0]), pd.DataFrame(early[1]), check_exact=True)
    assert [row["profit"] for row in before] != [row["profit"] for row in after]
