"""What workers do for the coach. Each is safe to deliver twice."""

import structlog
from celery import shared_task

from accounts.models import User
from matches.errors import MatchDataError
from mlmodels.errors import ModelError
from training import advising
from training.errors import TrainingError
from training.recommending import expectations, tastes

log = structlog.get_logger(__name__)


@shared_task
def advise_player(user_id: int) -> None:
    """Analyse a player whose last upload was read; what can't be said yet, their page explains."""
    player = User.objects.filter(pk=user_id, is_active=True).first()
    if player is None:
        return
    try:
        advising.advise(player)
    except (MatchDataError, ModelError, TrainingError) as error:
        log.info("not_advised", user=user_id, code=error.code)


@shared_task
def learn_tastes() -> int:
    """Learn from everybody's opinions what players like to practise; returns from how many people."""
    learned = tastes.learn_and_keep()
    return learned.players if learned else 0


@shared_task
def measure_effects() -> int:
    """Measure what practice brought to players; returns for how many categories enough of them were measured."""
    return len(expectations.measure_and_keep())
