"""When what happens in an invented match: kick-offs, goals, the end and demolitions, frame by frame.

A simulated game tells how often, by whom and how long; the rest is drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matches.simulation.rocket_league.arena import RATE
from matches.simulation.rocket_league.games import FULL_TIME, SimulatedGame

WAIT, CELEBRATION = 4.0, 3.0
"""Seconds in which the ball is not in play: before each kick-off, after each goal and after the last second."""

LEAST_OF_STOPS, MOST_OF_STOPS = 0.6, 1.2
"""Shares of these, where the match is shorter or longer than its goals want it."""

SHORTEST_OVERTIME = 9.0
SHORTEST_PERIOD = 10.0
"""Seconds between a kick-off and a goal, where there is room for so much."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """From a kick-off to a goal, or to the end of time. All but `scorer` are frames."""

    placed: int
    """The cars are put in place."""
    live: int
    """The ball is in play from here on, until before `end`."""
    end: int
    """The goal, or the last second has gone."""
    until: int
    """The cars are put in place for the next kick-off, or the recording ends."""
    scorer: int | None
    """Place among the players, blue first."""
    is_overtime: bool


@dataclass(frozen=True, kw_only=True)
class Hunt:
    """A demolition that must happen, from about a frame on; places among the players."""

    frame: int
    attacker: int
    victim: int


@dataclass(frozen=True, kw_only=True)
class Schedule:
    frames: int
    size: int
    """Players of a side."""
    periods: tuple[Period, ...]
    hunts: tuple[Hunt, ...]


def schedule(game: SimulatedGame, rng: np.random.Generator) -> Schedule:
    """As many goals and demolitions of each player as the game tells, within its duration."""
    scorers = _scorers(game, rng)
    last = [*scorers, None] if not game.is_overtime else [*scorers[:-1], None, scorers[-1]]
    share, lengths = _lengths(game, len(last), rng)
    frames = round(game.duration * RATE) + 1
    periods: list[Period] = []
    at = 0.0
    for number, (scorer, length) in enumerate(zip(last, lengths, strict=True)):
        live, end = at + share * WAIT, at + share * WAIT + length
        until = end + share * CELEBRATION
        is_last = number == len(last) - 1
        periods.append(
            Period(
                placed=round(at * RATE),
                live=round(live * RATE),
                end=round(end * RATE),
                until=frames if is_last else round(until * RATE),
                scorer=scorer,
                is_overtime=game.is_overtime and is_last,
            )
        )
        at = until
    hunts = _hunts(game, periods, rng)
    return Schedule(frames=frames, size=len(game.blue), periods=tuple(periods), hunts=hunts)


def _counts(game: SimulatedGame, name: str) -> list[int]:
    return [int(each[name]) for each in (*game.blue, *game.orange)]


def _scorers(game: SimulatedGame, rng: np.random.Generator) -> list[int]:
    """In any order; the last of an overtime is the winners'."""
    goals = _counts(game, "core_goals")
    order = [int(place) for place in rng.permutation(np.repeat(np.arange(len(goals)), goals))]
    if game.is_overtime:
        blue, orange = game.goals
        decided = next(place for place in order[::-1] if (place < len(game.blue)) == (blue > orange))
        order.remove(decided)
        order.append(decided)
    return order


def _lengths(game: SimulatedGame, periods: int, rng: np.random.Generator) -> tuple[float, np.ndarray]:
    """The share that stops have of their usual length, and seconds of play in each period."""
    overtime = SHORTEST_OVERTIME if game.is_overtime else 0.0
    stops = periods * (WAIT + CELEBRATION)
    share = min(max((game.duration - FULL_TIME - overtime) / stops, LEAST_OF_STOPS), MOST_OF_STOPS)
    play = game.duration - share * stops
    if not game.is_overtime:
        return share, _split(play, periods, rng)
    overtime = max(SHORTEST_OVERTIME, play - FULL_TIME)
    return share, np.append(_split(play - overtime, periods - 1, rng), overtime)


def _split(seconds: float, parts: int, rng: np.random.Generator) -> np.ndarray:
    least = min(SHORTEST_PERIOD, 0.7 * seconds / parts)
    return np.asarray(least + (seconds - least * parts) * rng.dirichlet(np.ones(parts)))


def _hunts(game: SimulatedGame, periods: Sequence[Period], rng: np.random.Generator) -> tuple[Hunt, ...]:
    """Every demolition inflicted, with one that was taken on the other side; not just before a goal."""
    inflicted, taken = _counts(game, "demo_inflicted"), _counts(game, "demo_taken")
    size, places = len(game.blue), np.arange(2 * len(game.blue))
    pairs: list[tuple[int, int]] = []
    for mine, theirs in ((slice(0, size), slice(size, None)), (slice(size, None), slice(0, size))):
        attackers = np.repeat(places[mine], inflicted[mine])
        victims = rng.permutation(np.repeat(places[theirs], taken[theirs]))
        pairs += [(int(one), int(other)) for one, other in zip(attackers, victims, strict=True)]
    calm = np.concatenate([np.arange(p.live + 3 * RATE, max(p.live + 4 * RATE, p.end - 12 * RATE)) for p in periods])
    frames = rng.choice(calm, size=len(pairs))
    told = sorted(zip(frames.tolist(), rng.permutation(len(pairs)).tolist(), strict=True))
    return tuple(Hunt(frame=frame, attacker=pairs[n][0], victim=pairs[n][1]) for frame, n in told)
