"""What keyboards and screen readers need of every page of football."""

from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.predictions.pages.conftest import League

PAGES: dict[str, Callable[[League], str]] = {
    "fixtures": lambda league: reverse("predictions:fixtures"),
    "a match to come": lambda league: league.coming[0].get_absolute_url(),
    "a settled match": lambda league: league.played[1].get_absolute_url(),
    "leagues": lambda league: reverse("predictions:leagues"),
    "a league": lambda league: league.competition.get_absolute_url(),
    "a team": lambda league: reverse("predictions:team", args=[league.teams[0].slug]),
    "the track record": lambda league: reverse("predictions:track-record"),
    "an entry": lambda league: league.played[1].predictions.get().get_absolute_url(),
}


class Outline(HTMLParser):
    """Headings, tables, pictures and ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tables: list[bool] = []
        self.unnamed: list[str] = []
        self.ids: Counter[str] = Counter()
        self.referred: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append(False)
        if tag == "caption":
            self.tables[-1] = True
        is_named = given.get("aria-label") or given.get("aria-labelledby") or "aria-hidden" in given
        if (tag == "svg" and not is_named) or (tag == "th" and not given.get("scope") and "aria-hidden" not in given):
            self.unnamed.append(f"{tag} {given}")
        self.ids.update([given["id"]] if "id" in given else [])
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            self.referred.update(given.get(name, "").split())


@pytest.mark.parametrize("name", PAGES)
def test_its_headings_tables_and_pictures_can_be_read_out(adult: Client, league: League, name: str) -> None:
    outline = Outline(adult.get(PAGES[name](league)).content.decode())
    assert outline.headings.count(1) == 1
    jumps = [
        (one, other) for one, other in zip(outline.headings, outline.headings[1:], strict=False) if other > one + 1
    ]
    assert not jumps
    assert all(outline.tables), "each table has a caption"
    assert not outline.unnamed
    assert not [found for found, count in outline.ids.items() if count > 1]
    assert outline.referred <= set(outline.ids)
    assert {"content", "announcement"} <= set(outline.ids), "where the skip link leads, and where swaps are told"
