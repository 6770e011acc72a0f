"""What a person practises, what was found and recommended, and how it went."""

from training.models.chat import DiscordLink
from training.models.coaching import Recommendation, SkillReport
from training.models.practice import Category, Drill, PackFeedback, TrainingPack, TrainingSession

__all__ = [
    "Category",
    "DiscordLink",
    "Drill",
    "PackFeedback",
    "Recommendation",
    "SkillReport",
    "TrainingPack",
    "TrainingSession",
]
