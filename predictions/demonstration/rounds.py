"""A track record in the making: rounds of the simulated leagues that begin in seconds, predicted before they do."""

from __future__ import annotations

import time
from datetime import timedelta

from django.utils import timezone

from matches.simulating import bring_forward, play_due
from matches.simulating_games import bring_games_forward, end_games
from predictions.demonstration.stage import Stage
from predictions.errors import EventIsOver
from predictions.models import Settlement
from predictions.settling import settle_due
from predictions.upcoming import predict_upcoming

ROUNDS = 5
LEAST_LEAD = timedelta(seconds=2)
SPARE = 3
"""How often the time that a round's predictions took fits between the next one's announcement and its kick-off."""


def play_rounds(stage: Stage, rounds: int = ROUNDS) -> int:
    """Bring rounds forward one after the other; predict each, wait for its kick-off, play and settle it.

    Returns how many predictions were settled. Nothing happens where a track record is there already.
    """
    if Settlement.objects.exists():
        shown = Settlement.objects.filter(prediction__is_shadow=False).count()
        stage.say(f"The track record has {shown} settled predictions already")
        return 0
    settled, lead = 0, LEAST_LEAD
    with stage.step(f"Predicting, playing and settling {rounds} rounds") as report:
        for number in range(rounds):
            report(number / rounds, f"Round {number + 1} of {rounds}, kick-off in {lead.total_seconds():.0f} s")
            lead = _predict_before(lead)
            play_due()
            end_games(timezone.now())
            settled += settle_due()
        report(1.0, f"{settled} predictions settled")
    return settled


def _predict_before(lead: timedelta) -> timedelta:
    """Have a round kick off in so long, predict it, and wait until then; returns the lead that the next one needs.

    Where predicting takes longer than that, the ledger refuses what comes late: the round stays without predictions.
    """
    kickoff = timezone.now() + lead
    if not bring_forward(kickoff) + bring_games_forward(kickoff):
        return lead
    try:
        predict_upcoming(horizon=lead)
    except EventIsOver:
        return lead * SPARE
    took = timezone.now() - (kickoff - lead)
    time.sleep(max(0.0, (kickoff - timezone.now()).total_seconds()))
    return max(LEAST_LEAD, took * SPARE)
