"""What happened on the pitch, and how we came to know it."""

from matches.models.box_scores import GameLine, PlayerGame, PropLine, Statistic
from matches.models.imports import ImportBatch, QuarantinedRow, ScoreCorrection
from matches.models.news import LanguageModelDay, NewsItem, TextSignal
from matches.models.odds import Odds
from matches.models.people import Availability, Player, PlayerAlias
from matches.models.play import Competition, Match, Season, Sport, Team, TeamAlias
from matches.models.simulated import SimulatedLeague

__all__ = [
    "Availability",
    "Competition",
    "GameLine",
    "ImportBatch",
    "LanguageModelDay",
    "Match",
    "NewsItem",
    "Odds",
    "Player",
    "PlayerAlias",
    "PlayerGame",
    "PropLine",
    "QuarantinedRow",
    "ScoreCorrection",
    "Season",
    "SimulatedLeague",
    "Sport",
    "Statistic",
    "Team",
    "TeamAlias",
    "TextSignal",
]
