"""What keyboards and screen readers need of the pages of player props, and what a strict policy forbids."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.predictions.pages.test_structure import Outline
from tests.predictions.props_pages.conftest import Hoops, reported

PAGES: dict[str, Callable[[Hoops], str]] = {
    "the board": lambda hoops: reverse("predictions:props") + "?days=7",
    "the board of a statistic without a model": lambda hoops: reverse("predictions:props") + "?stat=steals",
    "the search": lambda hoops: reverse("predictions:players") + "?q=j",
    "a player": lambda hoops: reverse("predictions:player", args=[hoops.players[0].slug]),
    "a player of whom nothing is said": lambda hoops: (
        reverse("predictions:player", args=["nikola-jokic"]) + "?stat=pra"
    ),
    "the track record": lambda hoops: reverse("predictions:props-record"),
    "an entry": lambda hoops: hoops.said[0].get_absolute_url(),
}


@pytest.mark.parametrize("name", PAGES)
def test_its_headings_tables_and_pictures_can_be_read_out(adult: Client, hoops: Hoops, name: str) -> None:
    reported(hoops.players[1], hoops.coming[0], "out")
    html = adult.get(PAGES[name](hoops)).content.decode()
    outline = Outline(html)
    assert outline.headings.count(1) == 1
    jumps = [
        (one, other) for one, other in zip(outline.headings, outline.headings[1:], strict=False) if other > one + 1
    ]
    assert not jumps
    assert all(outline.tables), "each table has a caption"
    assert not outline.unnamed
    assert not [found for found, count in outline.ids.items() if count > 1]
    assert outline.referred <= set(outline.ids)
    assert not re.search(r'\sstyle="|<style|\son[a-z]+="', html), "the policy forbids what is inline"


def test_every_page_leads_to_the_board(client: Client, hoops: Hoops) -> None:
    html = client.get("/").content.decode()
    assert f'href="{reverse("predictions:props")}"' in html
    assert f'href="{reverse("predictions:players")}"' in html
