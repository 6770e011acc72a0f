"""What is asked on Discord and what comes back, without Discord."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from matches.models import Replay
from mlmodels.errors import ModelNotTrained
from tests.training.discord.conftest import OF_ALICE, OF_CHARLIE
from training import sessions
from training.discord import linking
from training.discord.commands import COMMANDS, MOST_QUESTIONS, answer
from training.discord.replies import Reply
from training.errors import InsufficientData, UnknownRank
from training.models import Category, DiscordLink, Drill, PackFeedback, Recommendation, SkillReport

pytestmark = pytest.mark.django_db
SITE = "https://touchline.example.org/coach/"


def part(reply: Reply, name: str) -> str:
    return {each.name: each.text for each in reply.parts}[name]


def test_an_analysis_says_what_holds_back_how_sure_and_compared_with_whom(
    linked: DiscordLink, advised: list[User]
) -> None:
    reply = answer("analysis", discord_id=OF_ALICE)
    assert advised == [linked.user]
    assert reply.title == "What holds you back: rotation"
    assert "Over 3 matches your rotation is at the 14th percentile of Diamond players" in reply.text
    assert part(reply, "How sure") == "High confidence: about 8 of 10 such verdicts are right"
    assert part(reply, "Surely below average") == "Rotation: better than 14 of 100"
    assert part(reply, "Surely above average") == "Shooting: better than 82 of 100"
    assert "300 matches of Diamond players" in part(reply, "Compared with")
    assert (reply.url, reply.small_print) == (SITE, "")


def test_an_analysis_in_which_nothing_stands_out_says_so(
    linked: DiscordLink, advised: list[User], report: SkillReport
) -> None:
    report.primary_weakness, report.confidence = "", 0.3
    reply = answer("analysis", discord_id=OF_ALICE)
    assert reply.title == "What holds you back: nothing stands out"
    assert "Upload about 7 more replays" in part(reply, "To be surer")


@pytest.mark.parametrize("command", ["analysis", "today"])
def test_what_is_made_up_is_labelled(
    linked: DiscordLink, advised: list[User], report: SkillReport, recommended: list[Recommendation], command: str
) -> None:
    report.benchmark["is_simulated"] = True
    assert answer(command, discord_id=OF_ALICE).small_print == "Compared with simulated players."
    Replay.objects.filter(pk=report.matches[0]).update(is_simulated=True)
    assert "Simulated matches" in answer(command, discord_id=OF_ALICE).small_print


def test_today_is_the_best_recommendation_with_its_code_and_reason(
    linked: DiscordLink, advised: list[User], recommended: list[Recommendation]
) -> None:
    reply = answer("today", discord_id=OF_ALICE)
    assert reply.title == "Today: Round *and* round"
    assert part(reply, "Code of the training pack") == "FFFF-0000-FFFF-0001"
    assert part(reply, "Pack") == "12 shots, by Poquito, difficulty 5 of 8"
    assert part(reply, "Why") == "Because of reason 1."
    assert "Not measured yet" in part(reply, "What to expect")


def test_what_was_measured_is_told(linked: DiscordLink, advised: list[User], recommended: list[Recommendation]) -> None:
    measured = {
        "statistic": "Rotation",
        "low": 0.1,
        "expected": 0.2,
        "high": 0.3,
        "unit": "sd",
        "evidence": "9 players",
    }
    Recommendation.objects.update(estimated_improvement=measured)
    assert part(answer("today", discord_id=OF_ALICE), "What to expect") == "Rotation: 0.1 to 0.3 sd (9 players)."


def test_what_was_practised_longest_ago_comes_next(
    alice: User, linked: DiscordLink, advised: list[User], recommended: list[Recommendation]
) -> None:
    first, second = (sessions.Practice(recommendation=each) for each in recommended)
    sessions.log(alice, first, minutes=20)
    reply = answer("today", discord_id=OF_ALICE)
    assert reply.title == "Today: Far post"
    assert reply.text.startswith("You practised 20 minutes today already.")
    sessions.log(alice, second, minutes=20, done_at=timezone.now() - timedelta(days=2))
    assert answer("today", discord_id=OF_ALICE).title == "Today: Far post"


def test_what_is_planned_for_today_comes_before_what_is_recommended(
    alice: User, linked: DiscordLink, advised: list[User], recommended: list[Recommendation]
) -> None:
    today = sessions.today(alice)
    sessions.plan(alice, sessions.Practice(recommendation=recommended[1]), on=today, notes="slowly")
    sessions.plan(alice, sessions.Practice(category=Category.SHOOTING), on=today)
    sessions.plan(alice, sessions.Practice(category=Category.DEFENDING), on=today + timedelta(days=1))
    reply = answer("today", discord_id=OF_ALICE)
    assert advised == []
    assert reply.title == "Planned for today: Far post"
    assert (part(reply, "Your notes"), part(reply, "Also planned")) == ("slowly", "Shooting")
    sessions.skip(alice.training_sessions.get(category=Category.ROTATION))
    assert answer("today", discord_id=OF_ALICE).title == "Planned for today: Shooting"


def test_a_drill_comes_with_its_steps(
    linked: DiscordLink, advised: list[User], recommended: list[Recommendation]
) -> None:
    drill = Drill.objects.create(
        slug="shadow", name="Shadow", kind=Drill.Kind.IN_MATCH, category=Category.ROTATION, sub_skill="last back",
        goal="Be the last car back.", steps=["Look back.", "Go back."], minutes=15, moves_statistic="x", difficulty=4,
        easiest_rank="gold", hardest_rank="champion",
    )  # fmt: skip
    Recommendation.objects.filter(place=1).update(pack=None, drill=drill)
    reply = answer("today", discord_id=OF_ALICE)
    assert part(reply, "Goal") == "Be the last car back."
    assert part(reply, "How, in 15 minutes") == "1. Look back.\n2. Go back."


def test_where_nothing_suits_it_is_said(linked: DiscordLink, advised: list[User], report: SkillReport) -> None:
    assert answer("today", discord_id=OF_ALICE).title == "Nothing to recommend"


def test_linking_by_command(alice: User) -> None:
    code = linking.offer_code(alice)
    assert answer("link", discord_id=OF_ALICE, code="22222-22222").title == "That code does not work"
    reply = answer("link", discord_id=OF_ALICE, code=code)
    assert reply.title == "Linked"
    assert alice.shown_name in reply.text
    assert alice.shown_name in answer("help", discord_id=OF_ALICE).text


def test_unlinking_by_command(linked: DiscordLink) -> None:
    assert answer("unlink", discord_id=OF_ALICE).title == "Unlinked"
    assert answer("unlink", discord_id=OF_ALICE).title == "Who are you?"
    assert not DiscordLink.objects.exists()


def test_help_names_every_command() -> None:
    reply = answer("help", discord_id=OF_CHARLIE)
    assert {each.name.split()[0] for each in reply.parts} == {f"/{name}" for name in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stranger_gets_nothing_and_is_told_how_to_link(
    linked: DiscordLink, advised: list[User], recommended: list[Recommendation], command: str
) -> None:
    reply = answer(command, discord_id=OF_CHARLIE, code="22222-22222")
    told = repr(reply)
    assert advised == []
    assert "/link" in told or reply.title == "That code does not work"
    for secret in (linked.user.email, linked.user.shown_name, "Far post", "14 of 100", "FFFF"):
        assert secret not in told
    assert DiscordLink.objects.get().discord_id == str(OF_ALICE)


def test_somebody_else_gets_their_own_only(
    charlie: User, linked: DiscordLink, recommended: list[Recommendation]
) -> None:
    linking.redeem(linking.offer_code(charlie), discord_id=OF_CHARLIE)
    for command in ("analysis", "today"):
        reply = answer(command, discord_id=OF_CHARLIE)
        assert reply.title == "Too few matches yet"
        assert "No match of a ranked playlist with this player" in reply.text
    assert not SkillReport.objects.filter(user=charlie).exists()
    assert not PackFeedback.objects.exists()


@pytest.mark.parametrize(
    ("error", "title", "where"),
    [
        (InsufficientData("Upload 2 more replays.", have=1, need=3), "Too few matches yet", f"{SITE}replays/"),
        (UnknownRank("State it."), "What rank are you?", f"{SITE}settings/"),
        (ModelNotTrained("Nobody trained it."), "The coach is not ready yet", ""),
    ],
)
def test_what_goes_wrong_is_said_in_its_own_words(
    linked: DiscordLink, refusing: Callable[[Exception], None], error: Exception, title: str, where: str
) -> None:
    refusing(error)
    reply = answer("analysis", discord_id=OF_ALICE)
    assert (reply.title, reply.text, reply.url) == (title, str(error), where)


def test_who_asks_without_end_is_slowed_down(linked: DiscordLink) -> None:
    titles = [answer("help", discord_id=OF_ALICE).title for _ in range(MOST_QUESTIONS + 1)]
    assert titles[-2:] == ["Your Rocket League coach", "A little slower, please"]
    assert answer("help", discord_id=OF_CHARLIE).title == "Your Rocket League coach"
