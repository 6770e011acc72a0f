"""What happened on the pitch, and how we came to know it."""

from matches.models.arena import (
    BallchasingAccount,
    Playlist,
    RankedGame,
    RankGroup,
    Replay,
    ReplayOwner,
    ReplayPlayer,
    StatedRank,
)
from matches.models.ballchasing import BallchasingSync, CallAllowance
from matches.models.box_scores import GameLine, PlayerGame, PropLine, Statistic
from matches.models.imports import ImportBatch, QuarantinedRow, ScoreCorrection
from matches.models.news import LanguageModelDay, NewsItem, TextSignal
from matches.models.odds import Odds
from matches.models.people import Availability, Player, PlayerAlias
from matches.models.play import Competition, Match, Season, Sport, Team, TeamAlias
from matches.models.simulated import SimulatedLeague

__all__ = [
    "Availability",
    "BallchasingAccount",
    "BallchasingSync",
    "CallAllowance",
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
    "Playlist",
    "PropLine",
    "QuarantinedRow",
    "RankGroup",
    "RankedGame",
    "Replay",
    "ReplayOwner",
    "ReplayPlayer",
    "ScoreCorrection",
    "Season",
    "SimulatedLeague",
    "Sport",
    "StatedRank",
    "Statistic",
    "Team",
    "TeamAlias",
    "TextSignal",
]
