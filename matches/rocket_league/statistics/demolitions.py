"""Cars blown up."""

from __future__ import annotations

from matches.rocket_league.recording import Recording


def of(recording: Recording, place: int) -> dict[str, float]:
    demolitions = recording.tracks.demolitions
    return {
        "demo_inflicted": sum(demolition.attacker == place for demolition in demolitions),
        "demo_taken": sum(demolition.victim == place for demolition in demolitions),
    }
