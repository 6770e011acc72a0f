"""`manage.py discord_bot`: answer players on Discord until told to end."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

REFUSED = 4004
"""Discord's code for a token that it does not know (any more)."""


class Command(BaseCommand):
    help = "Answer players on Discord, with the token in DISCORD_BOT_TOKEN, until told to end (SIGTERM)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DISCORD_BOT_TOKEN:
            raise CommandError(
                "DISCORD_BOT_TOKEN is not set: put your bot's token there (docs/discord.md says how to get one).",
                returncode=2,
            )
        import aiohttp
        import discord

        from training.discord.gateway import CoachBot, serve

        try:
            asyncio.run(serve(settings.DISCORD_BOT_TOKEN, CoachBot()))
        except discord.LoginFailure as error:
            raise _refused() from error
        except discord.ConnectionClosed as error:
            if error.code == REFUSED:
                raise _refused() from error
            raise CommandError(f"Discord ended the connection for good: {error}") from error
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise CommandError(f"Discord can't be reached: {error}") from error
        self.stdout.write("Ended.")


def _refused() -> CommandError:
    return CommandError(
        "Discord refuses the token in DISCORD_BOT_TOKEN: make a new one in its developer portal.", returncode=2
    )
