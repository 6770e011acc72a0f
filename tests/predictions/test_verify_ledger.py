"""`manage.py verify_ledger`: whoever tampers is found out, and by which row; the exit status says it to scripts."""

import json
import uuid
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from predictions import ledger
from predictions.canonical import content_hash
from predictions.models import LedgerHead, Prediction
from tests.factories import MatchFactory, ModelVersionFactory
from tests.predictions.saying import say
from tests.predictions.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[Prediction]:
    version = ModelVersionFactory.create()
    return [say(match, version=version) for match in MatchFactory.create_batch(5)]


def changed() -> None:
    tamper(
        "UPDATE predictions_prediction SET probabilities = %s WHERE sequence = 3",
        json.dumps({"home": 1, "draw": 0, "away": 0}),
    )


def backdated() -> None:
    tamper("UPDATE predictions_prediction SET made_at = '2001-01-01 00:00:00+00:00' WHERE sequence = 3")


def said_by_another_model() -> None:
    other = ModelVersionFactory.create(version="an-oracle")
    tamper("UPDATE predictions_prediction SET model_version_id = %s WHERE sequence = 3", other.pk)


def moved_to_another_match() -> None:
    tamper("UPDATE predictions_prediction SET match_id = %s WHERE sequence = 3", MatchFactory.create().pk)


def shown_later() -> None:
    tamper("UPDATE predictions_prediction SET is_shadow = NOT is_shadow WHERE sequence = 3")


def deleted() -> None:
    tamper("DELETE FROM predictions_prediction WHERE sequence = 3")


def deleted_and_closed_up() -> None:
    deleted()
    for sequence in (4, 5):
        tamper("UPDATE predictions_prediction SET sequence = %s WHERE sequence = %s", sequence - 1, sequence)
    LedgerHead.objects.update(sequence=4)


def inserted() -> None:
    """A copy of the third row, with an id and a hash of its own, pushed in before it."""
    for sequence in (5, 4, 3):
        tamper("UPDATE predictions_prediction SET sequence = %s WHERE sequence = %s", sequence + 1, sequence)
    row = Prediction.objects.get(sequence=4)
    row.pk, row.sequence, row.hash = uuid.uuid4(), 3, "f" * 64
    Prediction.objects.bulk_create([row])
    LedgerHead.objects.update(sequence=6)


def reordered() -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tamper("UPDATE predictions_prediction SET sequence = %s WHERE sequence = %s", new, old)


def rehashed() -> None:
    """A changed row whose hash was made anew: then the next one no longer follows it."""
    tamper("UPDATE predictions_prediction SET confidence = 0.99 WHERE sequence = 2")
    row = Prediction.objects.select_related("model_version").get(sequence=2)
    tamper(
        "UPDATE predictions_prediction SET hash = %s WHERE sequence = 2",
        content_hash(ledger.hashed_content(row)),
    )


TAMPERING = [
    (changed, "Row 3 was changed"),
    (backdated, "Row 3 was changed"),
    (said_by_another_model, "Row 3 was changed"),
    (moved_to_another_match, "Row 3 was changed"),
    (shown_later, "Row 3 was changed"),
    (deleted, "Row 3 is missing: the next one is 4"),
    (deleted_and_closed_up, "Row 3 does not follow the row before it"),
    (inserted, "Row 3 was changed"),
    (reordered, "Row 3 does not follow the row before it"),
    (rehashed, "Row 3 does not follow the row before it"),
]


@pytest.mark.parametrize(("tamper", "reason"), TAMPERING, ids=lambda value: getattr(value, "__name__", ""))
def test_the_row_that_was_tampered_with_is_named(
    chain: list[Prediction], tamper: Callable[[], None], reason: str
) -> None:
    tamper()
    with pytest.raises(CommandError, match=f"The ledger is broken at row 3. {reason}"):
        call_command("verify_ledger")


def test_as_json_it_says_the_same_and_still_fails(chain: list[Prediction]) -> None:
    changed()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["ok"], told["length"], told["broken_at"], told["head"]) == (False, 2, 3, chain[1].hash)
    assert "was changed" in told["reason"]


def test_a_whole_ledger_is_told_with_its_head(chain: list[Prediction]) -> None:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert f"The ledger is whole: 5 predictions, head {chain[-1].hash}." in out.getvalue()


def test_a_script_learns_it_from_the_exit_status(
    chain: list[Prediction], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The command line closes its connections at the end, and with them the test's transaction.
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)
    execute_from_command_line(["manage.py", "verify_ledger", "--skip-checks"])
    changed()
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "verify_ledger", "--skip-checks"])
    assert ended.value.code == 1
    assert "broken at row 3" in capsys.readouterr().err


def test_a_head_that_was_set_back_is_noticed(chain: list[Prediction]) -> None:
    LedgerHead.objects.update(hash="0" * 64)
    with pytest.raises(CommandError, match="its head"):
        call_command("verify_ledger")
