"""Whose row is whose: found by platform account, in one's own replays only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import PlatformAccount, User
from matches.models import Playlist, RankGroup, Replay, ReplayOwner, ReplayPlayer, StatedRank
from matches.rocket_league import own_rows
from tests.factories import ReplayFactory, ReplayPlayerFactory

pytestmark = pytest.mark.django_db
STANDARD, DOUBLES = Playlist.RANKED_STANDARD, Playlist.RANKED_DOUBLES


def link(user: User, platform_id: str = "alice-there", platform: str = "steam") -> PlatformAccount:
    return PlatformAccount.objects.create(user=user, platform=platform, platform_id=platform_id)


def play(user: User, platform_id: str = "alice-there", **told: Any) -> ReplayPlayer:
    """A row of somebody in a new replay of a person."""
    names = {"rank_group", "is_short", "name", "platform", "is_bot"}
    row = {name: value for name, value in told.items() if name in names}
    replay = ReplayFactory.create(**{name: value for name, value in told.items() if name not in names})
    ReplayOwner.objects.create(replay=replay, user=user)
    made: ReplayPlayer = ReplayPlayerFactory.create(replay=replay, platform_id=platform_id, **row)
    return made


def test_own_rows_are_those_under_ones_accounts_oldest_match_first(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    link(alice)
    link(alice, "alice-epic", platform="epic")
    later = play(alice, played_at=datetime(2026, 5, 2, tzinfo=UTC))
    earlier = play(alice, "alice-epic", platform="epic", played_at=datetime(2026, 5, 1, tzinfo=UTC))
    ReplayPlayerFactory.create(replay=later.replay)
    play(alice, "alice-epic")  # on Steam, where she is somebody else
    with django_assert_num_queries(1):
        rows = list(own_rows.rows_of(alice))
        assert [row.replay.filename for row in rows] == [earlier.replay.filename, later.replay.filename]


def test_own_rows_are_in_replays_one_brought_in(alice: User, bob: User) -> None:
    link(alice)
    theirs = play(bob)
    assert not own_rows.rows_of(alice).exists()
    ReplayOwner.objects.create(replay=theirs.replay, user=alice)
    assert list(own_rows.rows_of(alice)) == [theirs]


@pytest.mark.parametrize("told", [{"is_short": True}, {"status": Replay.Status.QUEUED}])
def test_what_is_short_or_not_read_is_no_own_row(alice: User, told: dict[str, Any]) -> None:
    link(alice)
    play(alice, **told)
    assert not own_rows.rows_of(alice).exists()


def test_simulated_replays_count_for_whoever_owns_them(alice: User) -> None:
    link(alice)
    row = play(alice, is_simulated=True, source=Replay.Source.SIMULATOR, sha256=None)
    assert list(own_rows.rows_of(alice)) == [row]


def test_own_rows_can_be_narrowed_to_a_playlist_and_to_replays(alice: User) -> None:
    link(alice)
    standard, doubles = play(alice), play(alice, playlist=DOUBLES)
    assert list(own_rows.rows_of(alice, playlist=DOUBLES)) == [doubles]
    assert list(own_rows.rows_of(alice, replay_ids=[standard.replay_id])) == [standard]
    assert list(own_rows.rows_of(alice, replay_ids=[str(standard.replay_id)])) == [standard]
    assert not own_rows.rows_of(alice, replay_ids=[]).exists()


def test_the_stated_rank_goes_before_what_ballchasing_saw_last(alice: User) -> None:
    link(alice)
    assert own_rows.rank_of(alice, STANDARD) is None
    play(alice, rank_group=RankGroup.GOLD, played_at=datetime(2026, 5, 2, tzinfo=UTC))
    play(alice, rank_group=RankGroup.SILVER, played_at=datetime(2026, 5, 1, tzinfo=UTC))
    play(alice, played_at=datetime(2026, 5, 3, tzinfo=UTC))
    assert own_rows.rank_of(alice, STANDARD) == (RankGroup.GOLD, "ballchasing")
    StatedRank.objects.create(user=alice, playlist=STANDARD, rank_group=RankGroup.DIAMOND)
    assert own_rows.rank_of(alice, STANDARD) == (RankGroup.DIAMOND, "stated")
    assert own_rows.rank_of(alice, DOUBLES) is None


def test_who_occurs_in_most_of_ones_replays_might_be_oneself(
    alice: User, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in (1, 2, 3):
        row = play(alice, name=f"Ally v{day}", played_at=datetime(2026, 5, day, tzinfo=UTC))
        ReplayPlayerFactory.create(replay=row.replay, platform="", platform_id="", is_bot=True, name="Armstrong")
        if day > 1:
            ReplayPlayerFactory.create(replay=row.replay, platform_id="mate", name="Mate")
    play(bob, "a stranger")
    with django_assert_max_num_queries(2):
        first, second = own_rows.might_be(alice)
    assert (first.platform_id, first.name, first.replays, first.among) == ("alice-there", "Ally v3", 3, 3)
    assert (second.platform_id, second.replays) == ("mate", 2)
    link(alice)
    assert [who.platform_id for who in own_rows.might_be(alice)] == ["mate"]
