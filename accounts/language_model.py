"""The one door to a language model: any server with OpenAI's chat completions, named by the settings.

It stands in the lowest room because what leaves the house goes through it, whichever room asks: news about players
today, and what concerns a person only with that person's consent, which is kept in this room. It knows no sport, keeps
nothing, and never puts the key or what the server answered into an error.

Callers must be able to do without: catch ModelFailed, give the answer that needs no model, and say so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import requests
from django.conf import settings
from requests.auth import AuthBase

CONNECT_SECONDS: Final = 5.0
MOST_BYTES: Final = 256 * 1024
LONGEST_PAUSE: Final = 30.0
CHARACTERS_A_TOKEN: Final = 3
WORTH_TRYING_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})


class ModelFailed(Exception):
    """No answer that can be used; the message says why, for a person."""


class Budget(Protocol):
    """What a day may use. `matches.news.budget.DayBudget` is the one of this installation."""

    def take(self, tokens: int) -> bool:
        """Set tokens aside; False where the day has not so many left."""
        ...

    def used(self, tokens: int, *, of: int) -> None:
        """A call that had `of` tokens set aside used so many."""
        ...


class _Bearer(AuthBase):
    """As an object, because requests lets a .netrc file win over a plain header."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """base_url: up to and with `/v1`. seconds: of one attempt, all in all. attempts: at most. backoff: seconds before
    the second attempt, twice as many before each one after. answer_tokens: the longest answer asked for.
    """

    base_url: str
    model: str
    budget: Budget
    key: str = field(default="", repr=False)
    seconds: float = 20.0
    attempts: int = 3
    backoff: float = 1.0
    answer_tokens: int = 400

    @classmethod
    def from_settings(cls, budget: Budget) -> LanguageModel:
        return cls(
            base_url=settings.LLM_BASE_URL,
            model=settings.LLM_MODEL,
            key=settings.LLM_API_KEY,
            seconds=settings.LLM_TIMEOUT_SECONDS,
            budget=budget,
        )

    def ask_json(self, *, system: str, user: str) -> dict[str, Any]:
        """The JSON object that the model answers with, of whatever content: validate it. Raises ModelFailed.

        What `system` demands is not safe from what `user` says: a text from outside may contain instructions.
        """
        return _object_in(self._words(system, user))

    def _words(self, system: str, user: str) -> str:
        """The answer's text. Each attempt is paid for before it is made: a server that hangs up may still charge."""
        asked = {
            "model": self.model,
            "temperature": 0,
            "max_tokens": self.answer_tokens,
            "response_format": {"type": "json_object"},
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        }
        aside = (len(system) + len(user)) // CHARACTERS_A_TOKEN + self.answer_tokens
        for attempt in range(1, self.attempts + 1):
            if not self.budget.take(aside):
                raise ModelFailed("The day's tokens are used up (LLM_DAILY_TOKENS).")
            try:
                answer = self._post(asked)
            except _TryAgain as trouble:
                if attempt == self.attempts:
                    raise ModelFailed(f"{trouble} ({attempt} attempts).") from None
                time.sleep(min(LONGEST_PAUSE, trouble.after or self.backoff * 2 ** (attempt - 1)))
                continue
            self.budget.used(_tokens_of(answer, otherwise=aside), of=aside)
            return _content_of(answer)
        raise ModelFailed("It was not asked: LLM attempts are set to none.")

    def _post(self, asked: Mapping[str, Any]) -> Any:
        deadline = time.monotonic() + self.seconds
        try:
            with requests.post(
                f"{self.base_url.rstrip('/')}/chat/completions",
                json=asked,
                auth=_Bearer(self.key),
                timeout=(min(CONNECT_SECONDS, self.seconds), self.seconds),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code in WORTH_TRYING_AGAIN:
                    raise _TryAgain(f"The server answered {answer.status_code}", after=_pause_of(answer))
                if answer.status_code != requests.codes.ok:
                    raise ModelFailed(f"The server answered {answer.status_code}: see LLM_BASE_URL and LLM_API_KEY.")
                return json.loads(_body(answer, deadline))
        except requests.Timeout:
            raise _TryAgain(f"The server did not answer within {self.seconds:g} s") from None
        except requests.RequestException as error:
            raise _TryAgain(f"The server could not be asked: {type(error).__name__}") from None
        except ValueError:
            raise ModelFailed("What the server answered is not JSON.") from None


class _TryAgain(Exception):
    def __init__(self, message: str, *, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


def _pause_of(answer: requests.Response) -> float:
    """Seconds that the server asks to wait for, where it says so in seconds."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else 0.0


def _body(answer: requests.Response, deadline: float) -> bytes:
    """The whole of it, within the time, however slowly it drips, and of a bearable size."""
    pieces, length = [], 0
    for piece in answer.iter_content(8 * 1024):
        length += len(piece)
        if length > MOST_BYTES:
            raise ModelFailed(f"The answer is longer than {MOST_BYTES // 1024} kB.")
        if time.monotonic() > deadline:
            raise requests.Timeout
        pieces.append(piece)
    return b"".join(pieces)


def _tokens_of(answer: Any, *, otherwise: int) -> int:
    """What the server says the call used; what was set aside for it where it does not say."""
    try:
        told = answer["usage"]["total_tokens"]
    except (KeyError, TypeError):
        return otherwise
    return told if isinstance(told, int) and told >= 0 else otherwise


def _content_of(answer: Any) -> str:
    try:
        content = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise ModelFailed("What the server answered is no chat completion.") from None
    if not isinstance(content, str):
        raise ModelFailed("What the server answered is no chat completion.")
    return content


def _object_in(content: str) -> dict[str, Any]:
    """The object that is the answer, or in its one code fence; nothing is searched for in prose."""
    bare = content.strip()
    if bare.startswith("```") and bare.endswith("```"):
        bare = bare.strip("`").removeprefix("json").strip()
    try:
        found = json.loads(bare)
    except (ValueError, RecursionError):
        raise ModelFailed("The model's answer is not JSON.") from None
    if not isinstance(found, dict):
        raise ModelFailed("The model's answer is not a JSON object.")
    return found
