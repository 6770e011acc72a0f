"""Which player a name means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.basketball.league import teams
from matches.basketball.player_keys import fold
from matches.basketball.player_names import PlayerNames, find_players, resolve_player
from matches.errors import AmbiguousPlayer, UnknownPlayer
from matches.models import Player, PlayerAlias


def enter(name: str, *, team: str = "", alias: str = "") -> Player:
    number = Player.objects.count() + 1
    player = Player.objects.create(
        name=name, slug=f"p-{number}", external_id=str(number), team=teams()[team] if team else None
    )
    for spelling in filter(None, (name, alias)):
        PlayerAlias.objects.create(player=player, alias=spelling, key=fold(spelling))
    return player


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nikola Jokić", "nikola jokic"),
        ("Luka Dončić", "Luka Doncic"),
        ("Dennis Schröder", "DENNIS SCHRODER"),
        ("Jaren Jackson Jr.", "Jaren Jackson"),
        ("Xavier Tillman, Sr.", "Xavier Tillman"),
        ("P.J. Tucker", "PJ Tucker"),
        ("P. J. Tucker", "PJ Tucker"),
        ("De’Anthony Melton", "De'Anthony Melton"),
        ("Dorian Finney Smith", "Dorian Finney-Smith"),
        ("Portis, Bobby", "Bobby Portis Jr."),
        ("Jalen (2001) Johnson", "Jalen Johnson"),
        ("Robert Williams III", "robert  williams"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_other_names_have_other_keys() -> None:
    assert (
        len({fold(name) for name in ("Bojan Bogdanović", "Bogdan Bogdanović", "Marcus Morris", "Markieff Morris")}) == 4
    )


@given(st.text(max_size=120))
def test_folding_is_done_in_one_go(name: str) -> None:
    key = fold(name)
    assert len(key) <= 100
    assert key == key.casefold()
    assert "." not in key


@pytest.mark.django_db
def test_a_name_is_found_without_its_accents() -> None:
    jokic = enter("Nikola Jokić")
    assert resolve_player("nikola jokic") == jokic
    assert resolve_player("Nikola Jokić") == jokic


@pytest.mark.django_db
def test_two_of_one_name_are_listed_unless_the_team_tells_which() -> None:
    one, other = enter("Jaylin Smith", team="DEN"), enter("Jaylin Smith Jr.", team="BOS")
    with pytest.raises(AmbiguousPlayer) as error:
        resolve_player("jaylin smith")
    assert error.value.candidates == (one, other)
    assert "Jaylin Smith (Denver Nuggets), Jaylin Smith Jr. (Boston Celtics)" in str(error.value)
    assert resolve_player("jaylin smith", team="BOS") == other
    assert resolve_player("jaylin smith", team="Denver Nuggets") == one
    assert resolve_player("Jaylin Smith Jr.") == other


@pytest.mark.django_db
def test_who_is_unknown_is_told_with_near_names() -> None:
    enter("Nikola Jokić")
    enter("Jalen Brunson")
    with pytest.raises(UnknownPlayer) as error:
        resolve_player("Nikola Jokick")
    assert error.value.near == ("Nikola Jokić",)
    assert str(error.value) == "No player is called 'Nikola Jokick'. Did you mean Nikola Jokić?"
    with pytest.raises(UnknownPlayer) as nobody:
        resolve_player("Qqqq Xxxx")
    assert nobody.value.near == ()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "   ", "...", "Jr."])
def test_no_name_is_nobody(name: str) -> None:
    enter("Nikola Jokić")
    with pytest.raises(UnknownPlayer):
        resolve_player(name)


@pytest.mark.django_db
def test_initials_and_turned_names_are_understood_only_among_those_who_played() -> None:
    wembanyama, bridges = enter("Victor Wembanyama"), enter("Miles Bridges")
    enter("Mikal Bridges")
    names = PlayerNames()
    assert names.player("Wembanyama Victor", among=[wembanyama.pk]) == wembanyama
    assert names.player("Mil. Bridges", among=[bridges.pk, wembanyama.pk]) == bridges
    with pytest.raises(UnknownPlayer):
        names.player("V. Wembanyama")


@pytest.mark.django_db
def test_initials_that_two_share_are_ambiguous() -> None:
    among = [enter("Jalen Green").pk, enter("Jeff Green").pk]
    with pytest.raises(AmbiguousPlayer):
        PlayerNames().player("J. Green", among=among)


@pytest.mark.django_db
def test_what_sources_are_known_to_call_a_player_is_understood_either_way() -> None:
    martin = enter("Kenyon Martin Jr.")
    assert resolve_player("KJ Martin") == martin
    bamba = enter("Mo Bamba")
    assert resolve_player("Mohamed Bamba") == bamba


@pytest.mark.django_db
def test_searching_ranks_the_whole_name_before_parts_and_parts_before_likeness() -> None:
    for name in ("Markieff Morris", "Marcus Morris Sr.", "Monte Morris", "Morris Marcusson", "Nikola Jokić"):
        enter(name)
    assert find_players("marcus morris")[0].name == "Marcus Morris Sr."
    assert {player.name for player in find_players("morris")} >= {"Markieff Morris", "Monte Morris"}
    assert [player.name for player in find_players("jokic")] == ["Nikola Jokić"]
    assert [player.name for player in find_players("Nikola Yokic")] == ["Nikola Jokić"]
    assert find_players("") == []
    assert len(find_players("m", limit=2)) == 2
