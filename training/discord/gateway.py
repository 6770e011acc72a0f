"""The client: holds the connection to Discord, carries commands to `training.discord.commands` and replies back.

It asks for no intents, so Discord sends it no messages, members or presences: only commands that are meant for it.
Connecting again after a lost connection is the library's work.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands
from django.db import close_old_connections, connections

from training.discord import commands
from training.discord.replies import Part, Reply

Answer = Callable[..., Reply]
"""As `commands.answer`: called in a thread with a command's name, `discord_id` and `code`."""

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PART, LONGEST_PRINT = 256, 4096, 1024, 2048
"""Characters that Discord takes of each; of all together 6,000."""

LONGEST_CODE = 40
END_WITHIN = 10
"""Seconds for which answers that are being made are waited for at the end."""

FAILED = Reply(
    title="Something went wrong",
    text="That is our fault, not yours: it was written down for whoever runs this site. Try again later.",
)
logger = logging.getLogger(__name__)


class CoachBot(discord.Client):
    """A Discord client with the commands of the coach, which answers in messages that only the asker sees."""

    def __init__(self, answer: Answer = commands.answer) -> None:
        # Otherwise each start warns that voice is missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._answer = answer
        self._under_way: set[asyncio.Task[Any]] = set()
        self.tree = app_commands.CommandTree(self)
        for name, command in commands.COMMANDS.items():
            callback = self._asked_with_code(name) if command.takes_code else self._asked(name)
            self.tree.add_command(app_commands.Command(name=name, description=command.description, callback=callback))

    async def setup_hook(self) -> None:
        """Tell Discord which commands there are; called by the library once it is signed in."""
        await self.tree.sync()
        invitation = discord.utils.oauth_url(self.application_id or 0)
        logger.info("Signed in to Discord as %s. Invite it to a server: %s", self.user, invitation)

    async def finish(self) -> None:
        """Wait for answers that are being made, for `END_WITHIN` seconds at most."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=END_WITHIN)

    def _asked(self, name: str) -> Any:
        async def callback(interaction: discord.Interaction) -> None:
            await self._reply(interaction, name, "")

        return callback

    def _asked_with_code(self, name: str) -> Any:
        @app_commands.describe(code="The code that the coach's settings show you.")
        async def callback(interaction: discord.Interaction, code: app_commands.Range[str, 1, LONGEST_CODE]) -> None:
            await self._reply(interaction, name, code)

        return callback

    async def _reply(self, interaction: discord.Interaction, name: str, code: str) -> None:
        """Discord wants a sign of life within 3 seconds; the answer may follow for 15 minutes."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker: a coroutine runs in a task
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await interaction.response.defer(ephemeral=True, thinking=True)
        reply = await asyncio.to_thread(self._answered, name, interaction.user.id, code)
        await interaction.followup.send(embed=embed(reply), ephemeral=True)

    def _answered(self, name: str, discord_id: int, code: str) -> Reply:
        """The answer to a command, with database connections that end with it; no failure ends the bot."""
        close_old_connections()
        try:
            return self._answer(name, discord_id=discord_id, code=code)
        except Exception:
            logger.exception("The command /%s failed.", name)
            return FAILED
        finally:
            connections.close_all()


def embed(reply: Reply) -> discord.Embed:
    """A reply as Discord shows it: nothing in it is taken for formatting, and nothing is longer than it may be."""
    shown = discord.Embed(
        title=_shown(reply.title, LONGEST_TITLE), description=_shown(reply.text, LONGEST_TEXT), url=reply.url or None
    )
    # Discord takes no field without words.
    for part in reply.parts:
        if part.text:
            shown.add_field(name=_shown(part.name, LONGEST_TITLE), value=_part(part), inline=False)
    if reply.small_print:
        shown.set_footer(text=reply.small_print[:LONGEST_PRINT])
    return shown


def _part(part: Part) -> str:
    return f"```\n{part.text}\n```" if part.is_code else _shown(part.text, LONGEST_PART)


def _shown(text: str, longest: int) -> str:
    escaped = discord.utils.escape_markdown(text)
    return escaped if len(escaped) <= longest else f"{escaped[: longest - 1]}…"


async def serve(token: str, bot: CoachBot) -> None:
    """Answer until the process is told to end (SIGTERM or SIGINT); then finish what is being answered.

    Raises what `discord.Client.start` raises: LoginFailure for a token that Discord refuses, OSError,
    aiohttp.ClientError or discord.DiscordException where it can't be reached.
    """
    async with bot:
        serving = asyncio.create_task(bot.start(token))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, serving.cancel)
        try:
            await serving
        except asyncio.CancelledError:
            logger.info("Told to end.")
            await bot.finish()
