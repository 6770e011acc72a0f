"""`/coach/replays/<uuid>/` and its pictures: what a player sees of a match, and that strangers see nothing."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import CoachGrant, PlatformAccount, User
from matches.models import Playlist, RankGroup, Replay, ReplayOwner, ReplayPlayer, StatedRank
from matches.rocket_league import scenes
from tests.factories import ReplayFactory, ReplayPlayerFactory
from tests.matches.rocket_league.test_scenes import tracks
from tests.training.rocket_league.ranked_rows import ranked_games, rows
from training.rocket_league import benchmarks

ME = "76561198000000001"


@pytest.fixture(autouse=True)
def no_benchmark_of_another_test() -> None:
    benchmarks.forget()


@pytest.fixture
def signed_in(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def match_of(user: User, **fields: Any) -> Replay:
    """A match of ranked 3v3 that a person brought in; they are the first of blue if they linked `ME`."""
    replay = ReplayFactory.create(**fields)
    ReplayOwner.objects.create(replay=replay, user=user, filename="mine.replay")
    if replay.status == Replay.Status.PROCESSED:
        for n, statistics in enumerate(rows(6)):
            side = ReplayPlayer.Side.BLUE if n < 3 else ReplayPlayer.Side.ORANGE
            account = {"platform_id": ME} if n == 0 else {}
            ReplayPlayerFactory.create(
                replay=replay, side=side, name=f"Car {n}", won=n < 3, statistics=statistics, **account
            )
    return replay


def linked(user: User) -> None:
    PlatformAccount.objects.create(user=user, platform="steam", platform_id=ME, name="Car 0")


def with_rank(user: User) -> None:
    linked(user)
    StatedRank.objects.create(user=user, playlist=Playlist.RANKED_STANDARD, rank_group=RankGroup.GOLD)


def coached(player: User, coach: User) -> None:
    CoachGrant.objects.create(player=player, coach=coach, accepted_at=datetime(2026, 3, 1, tzinfo=UTC))


def url(replay: Replay, end: str = "") -> str:
    return f"/coach/replays/{replay.pk}/{end}"


def page(client: Client, replay: Replay) -> str:
    answer = client.get(url(replay))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def filmed(alice: User, storage: Path) -> Replay:
    """A match with pictures."""
    replay = match_of(alice)
    replay.scenes.save("match.scenes", ContentFile(scenes.encode(tracks())))
    return replay


class TestWhoMaySee:
    @pytest.mark.parametrize("end", ["", "scenes"])
    def test_its_player_their_coach_and_staff(
        self, client: Client, filmed: Replay, alice: User, bob: User, staff: User, end: str
    ) -> None:
        coached(alice, bob)
        for viewer in (alice, bob, staff):
            client.force_login(viewer)
            assert client.get(url(filmed, end)).status_code == 200

    @pytest.mark.parametrize("end", ["", "scenes"])
    def test_a_stranger_finds_nothing(self, client: Client, filmed: Replay, charlie: User, end: str) -> None:
        assert "/login/" in client.get(url(filmed, end)).headers["Location"]
        client.force_login(charlie)
        assert client.get(url(filmed, end)).status_code == 404

    def test_a_coach_no_longer_in_force_finds_nothing(
        self, client: Client, filmed: Replay, alice: User, bob: User
    ) -> None:
        coached(alice, bob)
        CoachGrant.objects.update(withdrawn_at=datetime(2026, 3, 2, tzinfo=UTC))
        client.force_login(bob)
        assert client.get(url(filmed)).status_code == 404
        assert client.get(url(filmed, "scenes")).status_code == 404

    def test_what_is_not_there_is_not_found(self, signed_in: Client) -> None:
        assert signed_in.get(f"/coach/replays/{uuid4()}/").status_code == 404

    def test_nothing_is_posted_here(self, signed_in: Client, filmed: Replay) -> None:
        assert signed_in.post(url(filmed)).status_code == 405


class TestHead:
    def test_score_arena_length_and_when(self, signed_in: Client, alice: User) -> None:
        shown = page(signed_in, match_of(alice, map_code="outlaw_oasis_p", duration=312.5))
        assert "Blue 3 – 2 Orange" in shown
        assert "Blue won at Deadeye Canyon (Oasis), 5:12 of play" in shown
        assert "Ranked Standard" in shown

    def test_the_result_is_the_players_own_where_known(self, signed_in: Client, alice: User) -> None:
        linked(alice)
        replay = match_of(alice, blue_goals=1, orange_goals=2, is_overtime=True)
        replay.players.filter(platform_id=ME).update(won=False)
        assert "Lost in overtime at" in page(signed_in, replay)

    def test_a_simulated_match_says_so(self, signed_in: Client, alice: User) -> None:
        shown = page(signed_in, match_of(alice, is_simulated=True))
        assert "made by the simulator" in shown
        assert "pictures of the newest matches only" in shown

    def test_pictures_of_a_simulated_match_are_said_to_be_made_up(self, signed_in: Client, filmed: Replay) -> None:
        assert "The simulator made this up" not in page(signed_in, filmed)
        Replay.objects.update(is_simulated=True)
        assert "The simulator made this up" in page(signed_in, filmed)

    def test_the_coach_reads_whose_it_is(self, client: Client, alice: User, bob: User) -> None:
        coached(alice, bob)
        client.force_login(bob)
        assert f"{alice.shown_name}’s replay" in page(client, match_of(alice))

    def test_matches_before_and_after_are_the_same_players(self, signed_in: Client, alice: User, charlie: User) -> None:
        first, middle, last = (match_of(alice, played_at=datetime(2026, 3, day, tzinfo=UTC)) for day in (1, 3, 5))
        match_of(charlie, played_at=datetime(2026, 3, 4, tzinfo=UTC))
        match_of(alice, status=Replay.Status.FAILED, reason="Broken.", played_at=datetime(2026, 3, 2, tzinfo=UTC))
        shown = page(signed_in, middle)
        assert f'rel="prev" href="{url(first)}"' in shown
        assert f'rel="next" href="{url(last)}"' in shown
        assert 'rel="next"' not in page(signed_in, last)
        assert 'rel="prev"' not in page(signed_in, first)

    def test_a_match_without_a_date_has_its_place_too(self, signed_in: Client, alice: User) -> None:
        dated = match_of(alice, played_at=datetime(2026, 3, 1, tzinfo=UTC))
        undated = match_of(alice, played_at=None, processed_at=None)
        assert f'rel="prev" href="{url(dated)}"' in page(signed_in, undated)


class TestNotReadYet:
    def test_a_failed_one_says_why_and_offers_another_try(self, signed_in: Client, alice: User) -> None:
        shown = page(signed_in, match_of(alice, status=Replay.Status.FAILED, reason="The file ends too early."))
        assert "The file ends too early." in shown
        assert "mine.replay" in shown
        assert "/retry/" in shown
        assert "data-viewer" not in shown

    @pytest.mark.parametrize("status", [Replay.Status.QUEUED, Replay.Status.PROCESSING])
    def test_a_waiting_one_asks_again_by_itself(self, signed_in: Client, alice: User, status: Replay.Status) -> None:
        replay = match_of(alice, status=status)
        assert 'hx-trigger="every 3s"' in page(signed_in, replay)
        part = signed_in.get(url(replay), headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        assert "HX-Refresh" not in part.headers

    def test_once_read_the_page_is_loaded_anew(self, signed_in: Client, alice: User) -> None:
        answer = signed_in.get(url(match_of(alice)), headers={"HX-Request": "true"})
        assert answer.headers["HX-Refresh"] == "true"


class TestTeams:
    def test_the_own_row_is_marked_once(self, signed_in: Client, alice: User) -> None:
        linked(alice)
        shown = page(signed_in, match_of(alice))
        assert shown.count('<tr class="selected">') == 1
        assert shown.index("Car 0", shown.index('<tr class="selected">')) > 0

    def test_figures_that_nobody_has_are_left_out(self, signed_in: Client, alice: User) -> None:
        replay = match_of(alice)
        for player in replay.players.all():
            del player.statistics["positioning_avg_distance_to_mates"]
            player.save()
        shown = page(signed_in, replay)
        assert "Distance to the ball" in shown
        assert "Distance to team-mates" not in shown

    def test_who_hardly_played_is_told(self, signed_in: Client, alice: User) -> None:
        replay = match_of(alice)
        ReplayPlayerFactory.create(replay=replay, name="Bot Rex", is_bot=True, is_short=True, platform="", seconds=20)
        shown = page(signed_in, replay)
        assert "Left early or joined late" in shown
        assert ">Bot<" in shown

    def test_a_name_is_never_markup(self, signed_in: Client, alice: User) -> None:
        replay = match_of(alice)
        replay.players.update(name="<script>alert(1)</script>")
        assert "<script>alert(1)" not in page(signed_in, replay)


class TestAgainstTheRank:
    def test_features_are_compared_in_sentences(self, signed_in: Client, alice: User) -> None:
        with_rank(alice)
        ranked_games(60, seed=5)
        shown = page(signed_in, match_of(alice))
        assert "You against Gold players" in shown
        assert "of matches of Gold players" in shown
        assert 6 <= shown.count('class="dot-own') <= 10
        assert "Compared with simulated players" not in shown

    def test_simulated_players_are_called_so(self, signed_in: Client, alice: User) -> None:
        with_rank(alice)
        ranked_games(60, seed=5, is_simulated=True)
        assert "Compared with simulated players" in page(signed_in, match_of(alice))

    def test_figures_between_two_ranks_say_so(self, signed_in: Client, alice: User) -> None:
        linked(alice)
        StatedRank.objects.create(user=alice, playlist=Playlist.RANKED_STANDARD, rank_group=RankGroup.SILVER)
        for seed, rank in ((5, RankGroup.BRONZE), (6, RankGroup.GOLD)):
            ranked_games(40, seed=seed, rank_group=rank)
        assert "lie between those of the ranks below and above" in page(signed_in, match_of(alice))

    def test_without_a_benchmark_nothing_is_invented(self, signed_in: Client, alice: User) -> None:
        with_rank(alice)
        shown = page(signed_in, match_of(alice))
        assert "too few matches of Gold in Ranked Standard" in shown
        assert "dot-own" not in shown

    def test_without_a_rank_it_is_asked_for(self, signed_in: Client, alice: User) -> None:
        linked(alice)
        shown = page(signed_in, match_of(alice))
        assert "A replay does not tell ranks" in shown
        assert "/coach/settings/" in shown

    def test_without_a_linked_account_it_is_asked_for(self, signed_in: Client, alice: User) -> None:
        assert "None of the linked accounts played" in page(signed_in, match_of(alice))

    def test_the_rank_at_the_time_comes_before_the_stated_one(self, signed_in: Client, alice: User) -> None:
        with_rank(alice)
        ranked_games(40, rank_group=RankGroup.DIAMOND)
        replay = match_of(alice)
        replay.players.filter(platform_id=ME).update(rank_group=RankGroup.DIAMOND)
        assert "You against Diamond players" in page(signed_in, replay)

    def test_a_coach_reads_of_the_player(self, client: Client, alice: User, bob: User) -> None:
        with_rank(alice)
        coached(alice, bob)
        ranked_games(60, seed=5)
        client.force_login(bob)
        assert "Car 0 against Gold players" in page(client, match_of(alice))


def body_of(answer: Any) -> bytes:
    """All of a file's answer; reading it to its end also closes the file, and leaves the test's connection open."""
    return b"".join(answer.streaming_content)


class TestPictures:
    def test_the_stored_bytes_come_as_they_are(self, signed_in: Client, filmed: Replay) -> None:
        answer = signed_in.get(url(filmed, "scenes"))
        body = body_of(answer)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert gzip.decompress(body)[:4] == scenes.MAGIC
        assert body == scenes.encode(tracks())

    def test_what_a_browser_has_already_is_not_sent_again(self, signed_in: Client, filmed: Replay) -> None:
        first = signed_in.get(url(filmed, "scenes"))
        body_of(first)
        again = signed_in.get(url(filmed, "scenes"), headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.headers["Cache-Control"] == "private, no-cache"

    def test_a_match_read_anew_is_sent_again(self, signed_in: Client, filmed: Replay) -> None:
        first = signed_in.get(url(filmed, "scenes"))
        body_of(first)
        Replay.objects.update(extraction_version=2)
        again = signed_in.get(url(filmed, "scenes"), headers={"If-None-Match": first.headers["ETag"]})
        assert body_of(again)
        assert again.status_code == 200

    @pytest.mark.parametrize("is_lost", [False, True])
    def test_none_are_said_in_words(self, signed_in: Client, filmed: Replay, is_lost: bool) -> None:
        if is_lost:
            Path(filmed.scenes.path).unlink()
        else:
            Replay.objects.update(scenes="")
        answer = signed_in.get(url(filmed, "scenes"))
        assert answer.status_code == 404
        assert "There are no pictures of this match" in answer.content.decode()

    def test_the_viewer_knows_field_and_player(self, signed_in: Client, alice: User, filmed: Replay) -> None:
        linked(alice)
        shown = page(signed_in, filmed)
        assert 'data-field="standard" data-own-name="Car 0" data-own-side="blue"' in shown
        Replay.objects.update(map_code="hoopsstadium_p")
        assert 'data-field="other"' in page(signed_in, filmed)


def test_the_page_asks_few_questions(
    signed_in: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with_rank(alice)
    ranked_games(60, seed=5)
    replay = match_of(alice)
    page(signed_in, replay)
    with django_assert_max_num_queries(15):
        page(signed_in, replay)
