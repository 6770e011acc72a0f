"""`manage.py predict` and `manage.py settle` on a small league."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from matches.models import Match
from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions.football import serving_state
from predictions.models import Prediction, Settlement
from tests.factories import MatchFactory

DAY_BEFORE = timedelta(days=1)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def match(league: list[Match], storage: Path) -> Iterator[Match]:
    """The first match of the last round, the day before; a base rate is in service."""
    serving_state._kept.clear()
    first = next(match for match in league if not match.is_finished)
    with time_machine.travel(first.kickoff - DAY_BEFORE, tick=False):
        asked, _ = runs.request_run(
            problem="football-outcome", algorithm="base-rate", selection=Selection(), dispatch=False
        )
        runs.execute(str(asked.pk), worker="test")
        promotion.promote(ModelVersion.objects.get(run=asked), by=None)
        yield first


def pairing(match: Match) -> list[str]:
    return ["--home", match.home.name, "--away", match.away.name, "--date", match.date.isoformat()]


def test_a_match_is_predicted_as_json(match: Match) -> None:
    [told] = json.loads(run("predict", "--match", str(match.pk), "--json"))
    written = Prediction.objects.get()
    assert (told["id"], told["sequence"], told["hash"]) == (str(written.pk), 1, written.hash)
    assert told["subject"] == {"match": match.pk}
    assert told["probabilities"] == written.probabilities
    assert told["model_version"] == written.model_version.version
    assert told["event_at"] == match.kickoff.isoformat()


def test_a_pairing_is_told_in_a_line_with_its_notes(match: Match) -> None:
    told = run("predict", "--home", match.home.name, "--away", "Nobody Rovers", "--date", "2024-01-04",
               "--competition", "E0")  # fmt: skip
    assert "nobody-rovers" in told
    assert "home 0." in told
    assert "row 1]" in told
    assert "note: Few or no earlier matches are known of nobody-rovers" in told


def test_a_pairing_that_is_listed_is_that_match(match: Match) -> None:
    [told] = json.loads(run("predict", *pairing(match), "--json"))
    assert told["subject"] == {"match": match.pk}


def test_every_line_of_a_file_is_predicted(match: Match, tmp_path: Path) -> None:
    """A spreadsheet writes a byte order mark, and empty cells where a column is not used."""
    file = tmp_path / "round.csv"
    lines = ["match,home,away,date", f"{match.pk},,,", f",{match.away.name},{match.home.name},2024-12-07"]
    file.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    told = json.loads(run("predict", "--batch", str(file), "--json"))
    assert [row["subject"].get("match") for row in told] == [match.pk, None]
    assert told[1]["subject"]["home"] == match.away.slug


def test_a_file_with_one_bad_line_predicts_nothing(match: Match, tmp_path: Path) -> None:
    file = tmp_path / "round.csv"
    file.write_text(f"match\n{match.pk}\n987654\n")
    with pytest.raises(CommandError, match="There is no football match 987654"):
        run("predict", "--batch", str(file))
    assert not Prediction.objects.exists()


def test_all_that_comes_next_is_predicted_once(match: Match) -> None:
    assert "Wrote 3 predictions." in run("predict", "--upcoming")
    assert "Wrote 0 predictions." in run("predict", "--upcoming")


def test_a_version_by_name_answers(match: Match) -> None:
    name = ModelVersion.objects.get().version
    [told] = json.loads(run("predict", "--match", str(match.pk), "--model-id", name, "--json"))
    assert told["model_version"] == name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say what to predict: --match ID"),
        (["--home", "Team 1", "--away", "Team 2"], "Say what to predict"),
        (["--match", "987654"], "There is no football match 987654"),
        (["--home", "Team 1", "--away", "Team 2", "--date", "tomorrow"], "'tomorrow' is not a date"),
        (["--home", "Team 1", "--away", "Nobody", "--date", "2025-01-04"], "No team is called Nobody"),
        (["--match", "1", "--model-id", "oracle"], "There is no version 'oracle'"),
        (["--match", "1", "--problem", "tarot"], "There is no problem 'tarot'"),
        (["--batch", "/nowhere.csv"], "can't be read as a CSV file"),
    ],
)
def test_it_refuses_in_words(db: None, arguments: list[str], words: str) -> None:
    MatchFactory.create(home__name="Team 1", away__name="Team 2")
    with pytest.raises(CommandError, match=words):
        run("predict", *arguments)
    assert not Prediction.objects.exists()


def test_what_is_over_is_not_predicted(match: Match, league: list[Match]) -> None:
    with pytest.raises(CommandError, match="a prediction must come before the event"):
        run("predict", "--match", str(league[0].pk))


def test_a_file_that_is_no_text_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "round.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="can't be read as a CSV file"):
        run("predict", "--batch", str(tmp_path / "round.csv"))


def test_without_a_model_it_says_what_to_do(league: list[Match], storage: Path) -> None:
    last = league[-1]
    with time_machine.travel(last.kickoff - DAY_BEFORE), pytest.raises(CommandError, match="train one and promote it"):
        run("predict", "--match", str(last.pk))


def test_settle_tells_how_many_it_settled(match: Match, time_machine: Any) -> None:
    run("predict", "--upcoming")
    Match.objects.filter(pk=match.pk).update(status=Match.Status.FINISHED, home_goals=2, away_goals=0)
    time_machine.move_to(match.kickoff + DAY_BEFORE)
    assert json.loads(run("settle", "--json")) == {"settled": 1}
    assert Settlement.objects.get().prediction.match == match
    assert run("settle").strip() == "Settled 0 predictions."
