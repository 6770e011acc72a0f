"""What may be asked on Discord, and the answers: the verbs of the pages and the API, for who linked their account.

Nothing here knows Discord's client: a question is a command, the id of the Discord account that asks, and the text that
came with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from matches.errors import MatchDataError
from mlmodels.errors import ModelError, ModelNotTrained
from predictions.errors import PredictionError
from training.advising import advise
from training.discord import limits, linking, todays_practice
from training.discord.errors import InvalidLinkCode, NotLinked, TooOften
from training.discord.replies import Part, Reply, page
from training.discord.wording import of_analysis, of_planned, of_recommendation
from training.errors import InsufficientData, NoBenchmark, TrainingError, UnknownRank

if TYPE_CHECKING:
    from accounts.models import User

MOST_QUESTIONS = 30
"""Of one Discord account in `QUESTIONS_WITHIN`: an analysis of new matches takes a second of work."""

QUESTIONS_WITHIN = timedelta(minutes=10)
HOW_TO_LINK = "Open the coach's settings on Touchline, make a code under Discord, and send it to me with /link."


@dataclass(frozen=True, kw_only=True)
class Command:
    """`takes_code`: it is asked with a code from the settings page."""

    description: str
    answer: Callable[[int, str], Reply]
    takes_code: bool = False


def answer(name: str, *, discord_id: int, code: str = "") -> Reply:
    """The reply to a command; what can't be done is a reply too, in the words of the pages.

    Raises KeyError for a command that there is not.
    """
    command = COMMANDS[name]
    try:
        limits.count("questions", discord_id, at_most=MOST_QUESTIONS, within=QUESTIONS_WITHIN)
        return command.answer(discord_id, code)
    except NotLinked as error:
        return Reply(title="Who are you?", text=f"{error} {HOW_TO_LINK}", url=page("training:settings"))
    except (TrainingError, ModelError, MatchDataError, PredictionError) as error:
        return _refusal(error)


def _link(discord_id: int, code: str) -> Reply:
    user = linking.redeem(code, discord_id=discord_id)
    return Reply(
        title="Linked",
        text=f"Hello {user.shown_name}. From now on I answer you here, and nobody else sees it.",
        parts=_what_to_ask("today", "analysis", "unlink"),
        url=page("training:dashboard"),
    )


def _analysis(discord_id: int, _: str) -> Reply:
    return of_analysis(advise(linking.linked_to(discord_id)))


def _today(discord_id: int, _: str) -> Reply:
    player = linking.linked_to(discord_id)
    day = todays_practice.today(player, now=timezone.now())
    if day.planned:
        return of_planned(day)
    report = advise(player)
    recommended = report.recommendations.select_related("pack", "drill")
    return of_recommendation(report, todays_practice.next_of(player, recommended), minutes=day.minutes)


def _unlink(discord_id: int, _: str) -> Reply:
    linking.unlink_account(discord_id)
    return Reply(title="Unlinked", text=f"I know nothing of you any more. To come back: {HOW_TO_LINK}")


def _help(discord_id: int, _: str) -> Reply:
    return Reply(
        title="Your Rocket League coach",
        text=f"{_who(discord_id)} Only you see what I answer.",
        parts=_what_to_ask(*COMMANDS),
        url=page("training:dashboard"),
    )


def _who(discord_id: int) -> str:
    try:
        user: User = linking.linked_to(discord_id)
    except NotLinked as error:
        return f"{error} {HOW_TO_LINK}"
    return f"You are {user.shown_name} on Touchline."


def _what_to_ask(*names: str) -> tuple[Part, ...]:
    return tuple(
        Part(name=f"/{name} CODE" if COMMANDS[name].takes_code else f"/{name}", text=COMMANDS[name].description)
        for name in names
    )


def _refusal(error: Exception) -> Reply:
    title, where = next(
        (each for kind, each in _REFUSALS.items() if isinstance(error, kind)), ("That can't be done", "")
    )
    return Reply(title=title, text=str(error), url=page(where) if where else "")


_REFUSALS: Mapping[type[Exception], tuple[str, str]] = {
    InsufficientData: ("Too few matches yet", "training:replays"),
    UnknownRank: ("What rank are you?", "training:settings"),
    NoBenchmark: ("Nobody to compare you with", "training:dashboard"),
    ModelNotTrained: ("The coach is not ready yet", ""),
    InvalidLinkCode: ("That code does not work", "training:settings"),
    TooOften: ("A little slower, please", ""),
}
"""The title over what went wrong, and the page where it can be put right."""

COMMANDS: Mapping[str, Command] = {
    "today": Command(description="What to practise today.", answer=_today),
    "analysis": Command(description="What holds you back, and how sure that is.", answer=_analysis),
    "link": Command(
        description="Link your Touchline account, by a code from its settings.", answer=_link, takes_code=True
    ),
    "unlink": Command(description="Forget which Touchline account is yours.", answer=_unlink),
    "help": Command(description="What you can ask.", answer=_help),
}
