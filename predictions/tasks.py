"""What workers do for predictions. Each is safe to deliver twice."""

import os
import socket
from uuid import UUID

from celery import shared_task

from mlmodels.tasks import LAST_WORDS_SECONDS, LONGEST_SECONDS
from predictions import reinforcing, settling, upcoming, verifying
from predictions.backtesting import running
from predictions.challenging import deciding, shadowing
from predictions.delivering import sending
from predictions.evaluation_log import reconciling, writing
from predictions.experimenting import changing, telling


@shared_task
def predict_upcoming() -> int:
    """Predict the fixtures that come next, where there is news."""
    return upcoming.predict_upcoming()


@shared_task
def settle_matches(match_ids: list[int]) -> int:
    """Settle the predictions of matches whose results arrived or changed."""
    return settling.settle_matches(match_ids)


@shared_task
def settle_due() -> int:
    """Settle whatever has been decided and was missed."""
    return settling.settle_due()


@shared_task
def send_delivery(delivery_id: str) -> bool:
    """Send one message about alerts, if it is still to be sent."""
    return sending.send(UUID(delivery_id))


@shared_task
def send_due_deliveries() -> int:
    """Close the digests and send what is due of messages about alerts."""
    return sending.sweep()


@shared_task(soft_time_limit=LONGEST_SECONDS - LAST_WORDS_SECONDS, time_limit=LONGEST_SECONDS)
def run_backtest(backtest_id: str) -> None:
    """Carry out one queued backtest."""
    running.execute(backtest_id, worker=f"{socket.gethostname()}:{os.getpid()}")


@shared_task
def reap_backtests() -> int:
    """Queue again, or fail, the backtests whose worker died."""
    return len(running.reap())


@shared_task
def reinforce_champions() -> int:
    """Ask for a fine-tuning run wherever a champion was often sure and wrong."""
    return sum(finding.run is not None for finding in reinforcing.reinforce_all())


@shared_task
def stop_experiments() -> int:
    """Stop the experiments whose end came, and those whose control is not the champion any more."""
    return changing.stop_what_is_over()


@shared_task
def write_log() -> int:
    """Bring the evaluation log's files up to the ledger."""
    return writing.write_log()


@shared_task
def check_log() -> bool:
    """Compare the evaluation log with the ledger, and raise an alert where they differ."""
    return reconciling.check().ok


@shared_task
def shadow_predictions(keys: list[str]) -> int:
    """Let challengers predict what was asked for and answered; what they said before, they don't say again."""
    return shadowing.shadow_predictions([UUID(key) for key in keys])


@shared_task
def decide_challengers() -> int:
    """Look at every challenger and decide what its evidence allows; tell staff which experiments are decided."""
    telling.tell_of_decided()
    return len(deciding.decide_all())


@shared_task
def monitor() -> int:
    """Watch every champion and what comes in; returns how many champions were watched."""
    from predictions.monitoring.watching import watch

    return len(watch().champions)


@shared_task
def verify_ledger() -> bool:
    """Walk the whole chain, and raise an alert where it is broken."""
    return verifying.verify_and_tell().ok
