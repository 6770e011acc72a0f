"""What happened on the pitch, and how we came to know it."""

from matches.models.imports import ImportBatch, QuarantinedRow, ScoreCorrection
from matches.models.odds import Odds
from matches.models.play import Competition, Match, Season, Sport, Team, TeamAlias
from matches.models.simulated import SimulatedLeague

__all__ = [
    "Competition",
    "ImportBatch",
    "Match",
    "Odds",
    "QuarantinedRow",
    "ScoreCorrection",
    "Season",
    "SimulatedLeague",
    "Sport",
    "Team",
    "TeamAlias",
]
