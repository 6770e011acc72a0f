"""The real client of the library, against a small Discord on this machine."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from io import StringIO
from typing import Any

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from tests.training.discord.conftest import OF_ALICE, OF_CHARLIE
from tests.training.discord.fake_discord import IDENTIFY, RESUME, TOKEN, FakeDiscord
from training.discord import linking
from training.discord.commands import COMMANDS
from training.discord.gateway import LONGEST_PART, CoachBot, embed, serve
from training.discord.replies import Part, Reply

EPHEMERAL = 64
SECONDS = 5


def played(
    monkeypatch: pytest.MonkeyPatch, play: Callable[[FakeDiscord], Awaitable[None]], bot: Callable[[], CoachBot]
) -> FakeDiscord:
    """Run a bot against a fake Discord until the play is over, and then end it as a supervisor does."""

    async def run() -> FakeDiscord:
        fake = FakeDiscord()
        runner = await fake.start()
        monkeypatch.setattr(Route, "BASE", fake.base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"{fake.base}/gateway"))
        serving = asyncio.create_task(serve(TOKEN, bot()))
        async with asyncio.timeout(SECONDS):
            playing = asyncio.create_task(_from_the_start(fake, play))
            await asyncio.wait({serving, playing}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                await playing
                os.kill(os.getpid(), signal.SIGTERM)
            await serving
        await runner.cleanup()
        return fake

    return asyncio.run(run())


async def _from_the_start(fake: FakeDiscord, play: Callable[[FakeDiscord], Awaitable[None]]) -> None:
    await fake.is_ready.wait()
    await play(fake)


async def reply_of(fake: FakeDiscord) -> dict[str, Any]:
    """What a bot answers: first a sign of life, then the answer; both for the asker alone."""
    path, _, deferred = await fake.answers.get()
    assert path.endswith("/callback")
    assert deferred == {"type": 5, "data": {"flags": EPHEMERAL}}
    path, _, message = await fake.answers.get()
    assert path == "/webhooks/77/t"
    assert message["flags"] == EPHEMERAL
    assert message["allowed_mentions"] == {"parse": []}
    [shown] = message["embeds"]
    return dict(shown)


@pytest.mark.django_db(transaction=True)
def test_a_person_links_asks_and_unlinks(
    monkeypatch: pytest.MonkeyPatch, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = linking.offer_code(alice)
    titles: list[str] = []

    async def play(fake: FakeDiscord) -> None:
        for name, given in (("today", ""), ("link", code), ("today", ""), ("unlink", "")):
            await fake.ask(name, discord_id=OF_ALICE, code=given)
            titles.append((await reply_of(fake))["title"])

    fake = played(monkeypatch, play, CoachBot)
    assert titles == ["Who are you?", "Linked", "Too few matches yet", "Unlinked"]
    assert linking.link_of(alice) is None
    assert "Signed in to Discord" in caplog.text
    assert code not in caplog.text
    assert TOKEN not in caplog.text
    assert {each["name"]: [option["name"] for option in each["options"]] for each in fake.commands} == {
        name: ["code"] if command.takes_code else [] for name, command in COMMANDS.items()
    }
    assert fake.greetings[0]["d"]["intents"] == 0


def told(name: str, *, discord_id: int, code: str) -> Reply:
    if name == "analysis":
        raise ZeroDivisionError
    return Reply(title=f"{name} of {discord_id}", text="")


def test_it_answers_in_servers_after_failures_and_after_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    titles: list[str] = []

    async def play(fake: FakeDiscord) -> None:
        await fake.ask("analysis", discord_id=OF_ALICE, server="4")
        titles.append((await reply_of(fake))["title"])
        await fake.tell_to_reconnect()
        await fake.is_ready.wait()
        await fake.ask("today", discord_id=OF_CHARLIE, server="4")
        titles.append((await reply_of(fake))["title"])

    fake = played(monkeypatch, play, lambda: CoachBot(told))
    assert titles == ["Something went wrong", f"today of {OF_CHARLIE}"]
    assert [greeting["op"] for greeting in fake.greetings] == [IDENTIFY, RESUME]


def test_an_answer_that_is_being_made_at_the_end_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(fake: FakeDiscord) -> None:
        await fake.ask("today", discord_id=OF_ALICE)
        while fake.answers.empty():
            await asyncio.sleep(0)

    fake = played(monkeypatch, play, lambda: CoachBot(told))
    assert fake.answers.qsize() == 2


def test_a_refused_token_is_said_and_ends_with_2(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DISCORD_BOT_TOKEN = "a.wrong.token"

    async def refused(token: str, bot: CoachBot) -> None:
        fake = FakeDiscord()
        runner = await fake.start()
        monkeypatch.setattr(Route, "BASE", fake.base)
        try:
            await serve(token, bot)
        finally:
            await runner.cleanup()

    monkeypatch.setattr("training.discord.gateway.serve", refused)
    with pytest.raises(CommandError, match="refuses the token") as caught:
        call_command("discord_bot")
    assert caught.value.returncode == 2
    assert "wrong" not in str(caught.value)


def test_without_a_token_it_says_what_to_do_and_ends_with_2(settings: Settings) -> None:
    settings.DISCORD_BOT_TOKEN = ""
    with pytest.raises(CommandError, match="DISCORD_BOT_TOKEN is not set") as caught:
        call_command("discord_bot")
    assert caught.value.returncode == 2


def test_where_discord_is_out_of_reach_it_says_so(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DISCORD_BOT_TOKEN = TOKEN
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9")
    with pytest.raises(CommandError, match="can't be reached") as caught:
        call_command("discord_bot", stdout=StringIO())
    assert caught.value.returncode == 1


def test_nothing_in_a_reply_is_taken_for_formatting_or_is_too_long_for_discord() -> None:
    parts = (Part(name="Why", text="_" * 3000), Part(name="Code", text="A503-264C", is_code=True))
    shown = embed(Reply(title="Round *and* round", text="@everyone a_b_c", parts=parts, small_print="made up"))
    assert shown.title == r"Round \*and\* round"
    assert shown.description == r"@everyone a\_b\_c"
    assert len(str(shown.fields[0].value)) == LONGEST_PART
    assert shown.fields[1].value == "```\nA503-264C\n```"
    assert shown.footer.text == "made up"
    assert len(shown) < 6000
