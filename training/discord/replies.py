"""What the coach says in a chat, as plain text; how it looks there is for the one who carries it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse


@dataclass(frozen=True, kw_only=True)
class Part:
    """A named part of a reply, left out where it has no text. `is_code`: to be copied as it stands."""

    name: str
    text: str
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer; `url` leads to the page that says more, `small_print` labels what is made up."""

    title: str
    text: str
    parts: tuple[Part, ...] = ()
    url: str = ""
    small_print: str = ""


def page(name: str) -> str:
    """The address of a page, as it is reached from outside."""
    return f"{settings.SITE_URL}{reverse(name)}"
