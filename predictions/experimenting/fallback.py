"""An arm whose model can't be used: the champion answers for a while, and staff are told."""

from __future__ import annotations

import time

import structlog

from mlmodels.errors import ModelError
from predictions.alerting import raise_alert
from predictions.experimenting.running import PlannedArm
from predictions.models import Alert, Severity

log = structlog.get_logger(__name__)

TRY_AGAIN_SECONDS = 60.0

_broken: dict[str, float] = {}


def is_broken(arm: PlannedArm) -> bool:
    """Whether the arm failed here within the last minute, so that not every answer waits for it to fail again."""
    return time.monotonic() - _broken.get(arm.reference, float("-inf")) < TRY_AGAIN_SECONDS


def note(arm: PlannedArm, error: ModelError) -> None:
    """Log that the arm failed, alert staff, and leave it alone for a minute."""
    _broken[arm.reference] = time.monotonic()
    log.error("experiment_arm_unusable", arm=arm.reference, version=str(arm.version), error=str(error))
    _alert(arm, error)


def forget() -> None:
    """Try every arm again."""
    _broken.clear()


def _alert(arm: PlannedArm, error: ModelError) -> None:
    raise_alert(
        Alert.Kind.ARTIFACT,
        key=f"experiment-arm/{arm.reference}",
        title=f"An arm of an experiment can't answer: {arm.name}",
        message=f"{error} The champion answers in its place: stop the experiment, or restore the file.",
        severity=Severity.CRITICAL,
        problem=arm.version.problem,
        evidence={"arm": arm.reference, "version": arm.version.version},
    )
