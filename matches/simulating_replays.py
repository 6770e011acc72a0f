"""Simulated Rocket League: games of known rank to compare with, and a player whose matches they are.

All of it is marked `is_simulated`. The same seed draws the same matches, and what is there already stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction

from accounts.models import PlatformAccount, User
from matches.errors import InvalidSimulation
from matches.models import Playlist, RankedGame, RankGroup, Replay, ReplayOwner, ReplayPlayer, StatedRank
from matches.rocket_league import replay_files, scenes
from matches.simulation.rocket_league.games import SimulatedGame, game
from matches.simulation.rocket_league.players import SKILLS, SimulatedPlayer, player
from matches.simulation.rocket_league.scenes_of_game import tracks_of

TEAM_SIZES = {Playlist.RANKED_DUELS: 1, Playlist.RANKED_DOUBLES: 2, Playlist.RANKED_STANDARD: 3}
SOURCE = "simulator"
LEAST_SHORTFALL, PRACTISED = 1.5, 1.2
"""Standard deviations of one match: how weak a player of ours is made, and how much of it practice takes away."""
BETWEEN_MATCHES = timedelta(hours=7)
STADIUM = "stadium_p"
FILMED = 1
"""Tells the random numbers of a match's pictures from those of its figures."""


@transaction.atomic
def simulate_ranked_games(
    *,
    playlists: Sequence[str] = tuple(TEAM_SIZES),
    rank_groups: Sequence[str] = tuple(RankGroup.values),
    rows: int = 120,
    seed: int = 1,
) -> int:
    """At least so many rows of players' matches for each playlist and rank; how many were new.

    Raises InvalidSimulation for a playlist or rank that can't be simulated, or no rows.
    """
    _refuse_the_impossible(playlists, rank_groups)
    if rows < 1:
        raise InvalidSimulation("Simulate at least one match.")
    known = set(RankedGame.objects.filter(source=SOURCE).values_list("key", flat=True))
    made = [
        row
        for playlist in playlists
        for rank_group in rank_groups
        for row in _ranked_rows(Playlist(playlist), RankGroup(rank_group), rows=rows, seed=seed)
        if row.key not in known
    ]
    RankedGame.objects.bulk_create(made, batch_size=200)
    return len(made)


@transaction.atomic
def simulate_player(
    user: User,
    *,
    matches: int,
    weakness: str,
    rank_group: str,
    playlist: str,
    now: datetime,
    practised_from: float | None = 0.5,
    seed: int = 1,
) -> list[Replay]:
    """Matches of a user with a known weakness up to `now`, oldest first; those that were new.

    weakness: one of the eight categories; empty for none. practised_from: after which share of the matches they get
    better at it, steadily until the last; None: never. The user gets an account on a platform and, where none is
    stated, the rank, so that the matches are theirs. The newest, as many as SIMULATED_SCENES says, can be watched.
    Raises InvalidSimulation.
    """
    _refuse_the_impossible([playlist], [rank_group])
    if weakness and weakness not in SKILLS:
        raise InvalidSimulation(f"{weakness!r} is not one of {', '.join(SKILLS)}.")
    if matches < 1:
        raise InvalidSimulation("Simulate at least one match.")
    account = _account_of(user)
    StatedRank.objects.get_or_create(user=user, playlist=playlist, defaults={"rank_group": rank_group})
    rng = np.random.default_rng([seed, user.pk, list(TEAM_SIZES).index(Playlist(playlist))])
    me = player(account.name or account.platform_id, rank_group, rng)
    me = SimulatedPlayer(name=me.name, rank_group=rank_group, skills={s: 0.4 * v for s, v in me.skills.items()})
    known = set(Replay.objects.filter(source=Replay.Source.SIMULATOR).values_list("guid", flat=True))
    made = []
    for place in range(matches):
        shift = -LEAST_SHORTFALL + PRACTISED * _practice(place / matches, practised_from)
        played = me.shifted(weakness, shift) if weakness else me
        drawn = _with_strangers(played, TEAM_SIZES[Playlist(playlist)], np.random.default_rng([seed, user.pk, place]))
        guid = f"SIM-{user.pk}-{playlist}-{seed}-{place}"
        if guid not in known:
            when = now - BETWEEN_MATCHES * (matches - place)
            landed = _landed(user, account, drawn, guid=guid, playlist=Playlist(playlist), when=when)
            made.append(landed)
            if place >= matches - settings.SIMULATED_SCENES:
                _film(landed, drawn, np.random.default_rng([seed, user.pk, place, FILMED]))
    return made


def _refuse_the_impossible(playlists: Sequence[str], rank_groups: Sequence[str]) -> None:
    if unknown := [name for name in playlists if name not in TEAM_SIZES]:
        raise InvalidSimulation(f"{unknown[0]!r} can't be simulated: choose one of {', '.join(TEAM_SIZES)}.")
    if unknown := [name for name in rank_groups if name not in RankGroup.values]:
        raise InvalidSimulation(f"{unknown[0]!r} is not a rank: choose one of {', '.join(RankGroup.values)}.")


def _ranked_rows(playlist: Playlist, rank_group: RankGroup, *, rows: int, seed: int) -> list[RankedGame]:
    size = TEAM_SIZES[playlist]
    place = [list(TEAM_SIZES).index(playlist), RankGroup.values.index(rank_group)]
    found = []
    for number in range(-(-rows // (2 * size))):
        rng = np.random.default_rng([seed, *place, number])
        sides = [[player(f"Player {n}", rank_group, rng) for n in range(size)] for _ in range(2)]
        drawn = game(sides[0], sides[1], rng)
        match = f"{seed}/{playlist}/{rank_group}/{number}"
        for n, statistics in enumerate((*drawn.blue, *drawn.orange)):
            found.append(
                RankedGame(
                    source=SOURCE,
                    key=f"{match}/{n}",
                    match_key=match,
                    playlist=playlist,
                    rank_group=rank_group,
                    is_simulated=True,
                    statistics=statistics,
                )
            )
    return found


def _practice(gone: float, practised_from: float | None) -> float:
    """How much of the practice shows, 0 to 1, when a share of the matches is gone."""
    if practised_from is None or gone <= practised_from:
        return 0.0
    return (gone - practised_from) / max(1 - practised_from, 1e-9)


def _account_of(user: User) -> PlatformAccount:
    """The user's account on a platform; one that no platform has where they have none."""
    account = PlatformAccount.objects.filter(user=user).order_by("pk").first()
    if account is not None:
        return account
    return PlatformAccount.objects.create(
        user=user,
        platform=PlatformAccount.Platform.EPIC,
        platform_id=f"simulated-{user.pk}",
        name=user.display_name or "Simulated player",
    )


def _with_strangers(me: SimulatedPlayer, size: int, rng: np.random.Generator) -> tuple[list[str], SimulatedGame]:
    """The names and figures of a match with the player as the first of the blue side."""
    others = [player(f"Simulated {n}", me.rank_group, rng) for n in range(2 * size - 1)]
    names = [me.name, *(other.name for other in others)]
    return names, game([me, *others[: size - 1]], others[size - 1 :], rng)


def _landed(
    user: User,
    account: PlatformAccount,
    drawn: tuple[list[str], SimulatedGame],
    *,
    guid: str,
    playlist: Playlist,
    when: datetime,
) -> Replay:
    names, played = drawn
    blue, orange = played.goals
    replay = Replay.objects.create(
        guid=guid,
        filename=f"Simulated match, {when:%-d %b %Y %H:%M}",
        source=Replay.Source.SIMULATOR,
        is_simulated=True,
        status=Replay.Status.PROCESSED,
        processed_at=when,
        played_at=when,
        playlist=playlist,
        team_size=len(played.blue),
        map_code=STADIUM,
        duration=played.duration,
        is_overtime=played.is_overtime,
        blue_goals=blue,
        orange_goals=orange,
    )
    ReplayOwner.objects.create(replay=replay, user=user, filename=replay.filename)
    ReplayPlayer.objects.bulk_create(
        ReplayPlayer(
            replay=replay,
            side=ReplayPlayer.Side.BLUE if n < len(played.blue) else ReplayPlayer.Side.ORANGE,
            platform=account.platform if n == 0 else "",
            platform_id=account.platform_id if n == 0 else "",
            name=names[n],
            seconds=played.duration,
            won=(blue > orange) == (n < len(played.blue)),
            statistics=statistics,
        )
        for n, statistics in enumerate((*played.blue, *played.orange))
    )
    return replay


def _film(replay: Replay, drawn: tuple[list[str], SimulatedGame], rng: np.random.Generator) -> None:
    """Invent what the match looked like, for the viewer."""
    names, played = drawn
    replay.scenes = replay_files.keep_scenes(replay, scenes.encode(tracks_of(played, names, rng)))
    replay.save(update_fields=["scenes"])
