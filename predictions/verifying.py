"""The ledger walked through each day, so that a broken chain is told of before somebody asks."""

from __future__ import annotations

from predictions import alerting, ledger
from predictions.ledger import LedgerCheck
from predictions.models import Alert, Severity

CHAIN = "chain"


def verify_and_tell() -> LedgerCheck:
    """Verify the chain; raise an alert where it is broken, and resolve it once it is whole."""
    check = ledger.verify()
    if check.ok:
        alerting.resolve(Alert.Kind.LEDGER, CHAIN)
        return check
    alerting.raise_alert(
        Alert.Kind.LEDGER,
        key=CHAIN,
        title=f"The ledger is broken at row {check.broken_at}",
        message=f"{check.reason} Somebody changed the database behind the ledger: compare it with a backup.",
        severity=Severity.CRITICAL,
        evidence={"broken_at": check.broken_at, "last_good_head": check.head, "length": check.length},
    )
    return check
