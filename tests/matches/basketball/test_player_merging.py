"""One player of two that are the same person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matches.basketball.player_keys import fold
from matches.basketball.player_merging import merge_players
from matches.basketball.player_names import resolve_player
from matches.errors import PlayersDiffer
from matches.importing import import_file
from matches.models import Availability, Player, PlayerAlias, PlayerGame
from tests.matches.basketball.logs import HEADER, game
from tests.matches.conftest import WriteFile

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 26, 12, tzinfo=UTC)


@pytest.fixture
def able(write: WriteFile) -> Player:
    import_file(write("log.csv", HEADER + "".join(game("0022300061"))), source="nba-logs")
    return Player.objects.get(name="Den Able")


@pytest.fixture
def double(able: Player) -> Player:
    player = Player.objects.create(name="D. Able", slug="d-able")
    PlayerAlias.objects.create(player=player, alias="D. Able", key=fold("D. Able"))
    return player


def test_its_reports_and_names_go_over_and_doubles_go(able: Player, double: Player) -> None:
    for player, source in ((able, "a"), (double, "a"), (double, "b")):
        Availability.objects.create(player=player, date=date(2023, 10, 26), status="out", source=source, reported_at=AT)
    assert merge_players(double, into=able) == 0
    assert able.availability.count() == 2
    assert resolve_player("D. Able") == able
    assert not Player.objects.filter(pk=double.pk).exists()


def test_its_games_and_id_go_over(able: Player, double: Player) -> None:
    assert merge_players(able, into=double) == 1
    double.refresh_from_db()
    assert (double.external_id, double.games.count(), str(double.team)) == ("4300", 1, "Denver Nuggets")


def test_who_has_an_id_each_or_played_in_one_game_is_not_one(able: Player, double: Player) -> None:
    with pytest.raises(PlayersDiffer, match="have an id of the source each"):
        merge_players(able, into=Player.objects.get(name="Den Baker"))
    line = able.games.get()
    line.pk, line.player = None, double
    line.save()
    with pytest.raises(PlayersDiffer, match="both played in"):
        merge_players(double, into=able)
    Player.objects.filter(pk=double.pk).update(is_simulated=True)
    with pytest.raises(PlayersDiffer, match="different sports or worlds"):
        merge_players(double, into=able)
    assert PlayerGame.objects.count() == 11


def test_staff_merge_two_and_nobody_else_may(
    client: Client, staff: User, charlie: User, able: Player, double: Player
) -> None:
    url = reverse("admin:matches_player_changelist")
    chosen = {"action": "merge", "_selected_action": [able.pk, double.pk]}
    client.force_login(charlie)
    client.post(url, {**chosen, "into": able.pk})
    assert Player.objects.filter(pk=double.pk).exists()
    client.force_login(staff)
    assert "Which one stays?" in client.post(url, chosen, follow=True).content.decode()
    told = client.post(url, {**chosen, "into": able.pk}, follow=True).content.decode()
    assert "D. Able is now Den Able: 0 games moved." in told
    assert (
        "Choose exactly two players."
        in client.post(url, {**chosen, "_selected_action": [able.pk]}, follow=True).content.decode()
    )


def test_a_name_that_staff_add_is_folded(client: Client, staff: User, able: Player) -> None:
    client.force_login(staff)
    url = reverse("admin:matches_player_change", args=[able.pk])
    form = client.get(url).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    inline = {
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-alias": "Dèn Ablé Jr.",
        "aliases-0-player": able.pk,
    }
    answer = client.post(url, {**{name: value or "" for name, value in values.items()}, **inline}, follow=True)
    assert "was changed successfully" in answer.content.decode()
    assert PlayerAlias.objects.get(alias="Dèn Ablé Jr.").key == "den able"


@pytest.mark.parametrize("name", ["player", "playergame", "propline", "gameline", "availability"])
def test_the_lists_of_the_admin_open(client: Client, staff: User, able: Player, name: str) -> None:
    client.force_login(staff)
    assert client.get(reverse(f"admin:matches_{name}_changelist"), {"q": "able"}).status_code == 200
