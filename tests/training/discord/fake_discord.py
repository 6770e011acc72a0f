"""A small Discord on this machine: signs a bot in, sends it commands over its gateway, and keeps what it answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

TOKEN = "a.good.token"
APPLICATION = "77"
HELLO, DISPATCH, IDENTIFY, RESUME, RECONNECT = 10, 0, 2, 6, 7
BOT = {"id": APPLICATION, "username": "Coach", "discriminator": "0", "avatar": None, "bot": True}


@dataclass
class FakeDiscord:
    """`answers` are the calls by which a bot responded; `greetings` how it came: identified, or resumed."""

    commands: list[dict[str, Any]] = field(default_factory=list)
    greetings: list[dict[str, Any]] = field(default_factory=list)
    answers: asyncio.Queue[tuple[str, str, dict[str, Any]]] = field(default_factory=asyncio.Queue)
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""
    _socket: web.WebSocketResponse | None = None
    _asked: int = 0

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/users/@me", self._me)
        app.router.add_get("/oauth2/applications/@me", self._application)
        app.router.add_put("/applications/{id}/commands", self._commands)
        app.router.add_post("/interactions/{id}/{token}/callback", self._answered)
        app.router.add_post("/webhooks/{id}/{token}", self._answered)
        app.router.add_get("/gateway", self._gateway)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def ask(self, name: str, *, discord_id: int, code: str = "", server: str = "") -> None:
        """Somebody gives a command, in a direct message or in a server."""
        self._asked += 1
        user = {"id": str(discord_id), "username": "x", "discriminator": "0", "avatar": None, "global_name": "X"}
        options = [{"name": "code", "type": 3, "value": code}] if code else []
        await self._send(
            DISPATCH,
            "INTERACTION_CREATE",
            {
                "id": str(1000 + self._asked), "application_id": APPLICATION, "type": 2, "token": "t", "version": 1,
                "attachment_size_limit": 1, "app_permissions": "0", "entitlements": [], "locale": "en-GB",
                "data": {"id": "5", "name": name, "type": 1, "options": options},
                **(_in_server(user, server) if server else {"user": user, "channel": {"id": "9", "type": 1}}),
            },
        )  # fmt: skip

    async def tell_to_reconnect(self) -> None:
        self.is_ready.clear()
        await self._send(RECONNECT, None, None)

    async def _send(self, op: int, event: str | None, data: Any) -> None:
        assert self._socket is not None
        await self._socket.send_json({"op": op, "t": event, "s": 1 if event else None, "d": data})

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bot {TOKEN}":
            return as_json({"message": "401: Unauthorized", "code": 0}, status=401)
        return as_json(BOT)

    async def _application(self, request: web.Request) -> web.Response:
        told = {"id": APPLICATION, "name": "Coach", "description": "", "icon": None, "owner": BOT, "verify_key": ""}
        return as_json({**told, "bot_public": True, "bot_require_code_grant": False})

    async def _commands(self, request: web.Request) -> web.Response:
        self.commands = await request.json()
        made = [
            {**each, "id": str(n), "application_id": APPLICATION, "version": "1"}
            for n, each in enumerate(self.commands)
        ]
        return as_json(made)

    async def _answered(self, request: web.Request) -> web.Response:
        await self.answers.put((request.path, request.match_info["id"], await request.json()))
        if request.path.startswith("/interactions/"):
            return as_json({"interaction": {"id": request.match_info["id"], "type": 2}})
        message = {"id": "3", "channel_id": "9", "author": BOT, "content": "", "attachments": [], "embeds": []}
        stamps = {"timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "type": 20, "pinned": False}
        mentions = {"mentions": [], "mention_roles": [], "mention_everyone": False, "tts": False}
        return as_json({**message, **stamps, **mentions})

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        self._socket = web.WebSocketResponse()
        await self._socket.prepare(request)
        await self._send(HELLO, None, {"heartbeat_interval": 45_000})
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                await self._greeted(json.loads(message.data))
        return self._socket

    async def _greeted(self, told: dict[str, Any]) -> None:
        if told["op"] not in (IDENTIFY, RESUME):
            return
        self.greetings.append(told)
        ready = {
            "v": 10, "user": BOT, "guilds": [], "session_id": "s", "application": {"id": APPLICATION, "flags": 0},
            "resume_gateway_url": f"{self.base}/gateway",
        }  # fmt: skip
        await self._send(DISPATCH, *(("READY", ready) if told["op"] == IDENTIFY else ("RESUMED", {})))
        self.is_ready.set()


def as_json(told: Any, *, status: int = 200) -> web.Response:
    """As Discord answers: the library knows JSON by a content type without a charset."""
    return web.Response(body=json.dumps(told).encode(), status=status, content_type="application/json")


def _in_server(user: dict[str, Any], server: str) -> dict[str, Any]:
    member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    return {
        "guild_id": server,
        "guild": {"id": server, "locale": "en-GB", "features": []},
        "member": {**member, "flags": 0, "permissions": "0"},
        "channel": {"id": "9", "type": 0, "name": "general", "position": 0},
        "guild_locale": "en-GB",
    }
