"""What can go wrong between a person and the coach on Discord, in words for them."""

from __future__ import annotations

from training.errors import TrainingError


class NotLinked(TrainingError):
    """A Discord account that belongs to nobody here."""

    code = "discord_not_linked"
    status = 404


class InvalidLinkCode(TrainingError):
    """A code that nobody was given, that was used, or that is too old: they are told the same."""

    code = "invalid_link_code"
    status = 422


class AlreadyLinked(TrainingError):
    """One person, one Discord account."""

    code = "discord_already_linked"
    status = 409


class TooOften(TrainingError):
    """More questions or tries than one person needs."""

    code = "too_often"
    status = 429
