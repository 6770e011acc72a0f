"""What happened in a match, and when: goals, demolitions, touches, pick-ups, and what the scoreboard made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from matches.rocket_league.recording import Pickups, ScoreLine
from matches.rocket_league.tracks import BLUE, ORANGE, Demolition, Goal

Data = Mapping[str, Any]
Key = tuple[str, str]
Places = Mapping[Key, int]

SAME_GOAL = 60
"""Frames: header and recording may tell of one goal so far apart; no two are scored so near to each other."""


def key_of(identity: Data) -> Key:
    """One player's identity, for looking up: the platform as the parser calls it, and the whole id there."""
    ((platform, number),) = identity.items()
    return platform, repr(number)


def goals_of(
    events: Iterable[Data], told: Iterable[Data], *, size: int, places: Places, names: Sequence[str]
) -> tuple[Goal, ...]:
    """Goals of the recording, and of those that the header tells of the ones it lacks.

    `size` is the number of frames, `names` are the players' in the order of their places.
    """
    found = []
    for event in events:
        scorer = places.get(key_of(event["player"])) if event["player"] else None
        found.append(Goal(frame=event["frame"], side=_side(event["scoring_team_is_team_0"]), scorer=scorer))
    for goal in told:
        if goal["frame"] < size and all(abs(other.frame - goal["frame"]) > SAME_GOAL for other in found):
            name = goal.get("PlayerName")
            scorer = names.index(name) if names.count(name) == 1 else None
            found.append(Goal(frame=goal["frame"], side=_side(goal.get("PlayerTeam") == 0), scorer=scorer))
    return tuple(sorted(found, key=lambda goal: goal.frame))


def _side(is_blue: object) -> str:
    return BLUE if is_blue else ORANGE


def demolitions_of(events: Iterable[Data], places: Places) -> Iterable[Demolition]:
    for event in events:
        attacker, victim = (places.get(key_of(event[who])) for who in ("attacker", "victim"))
        if attacker is not None and victim is not None:
            yield Demolition(frame=event["frame"], attacker=attacker, victim=victim)


def last_touch_of(events: Iterable[Data], size: int) -> np.ndarray:
    """(n,) the side that touched the ball last: 0 blue, 1 orange, -1 nobody yet."""
    touched = np.full(size, -1)
    for event in events:
        touched[event["frame"]] = 0 if event["team_is_team_0"] else 1
    latest = np.maximum.accumulate(np.where(touched >= 0, np.arange(size), 0))
    return touched[latest]


def pickups_of(data: Data, places: Places) -> Pickups:
    """Of pads that are on the map, by players who are known."""
    pads = {pad["pad_id"]: pad for pad in data["boost_pads"] if pad["pad_id"]}
    rows = [
        (event["frame"], places[key_of(event["player"])], pads[event["pad_id"]])
        for event in data["boost_pad_events"]
        if "PickedUp" in event["kind"] and event["player"]
        if key_of(event["player"]) in places and event["pad_id"] in pads
    ]
    return Pickups(
        frame=np.array([frame for frame, _, _ in rows], dtype=int),
        player=np.array([player for _, player, _ in rows], dtype=int),
        pad=np.array([pad["index"] for _, _, pad in rows], dtype=int),
        is_big=np.array([pad["size"] == "Big" for _, _, pad in rows], dtype=bool),
        y=np.array([pad["position"]["y"] for _, _, pad in rows], dtype=float),
    )


def scoreboard_of(headers: Data, known: Mapping[Key, Data]) -> dict[Key, Data]:
    """Lines of the header's scoreboard by identity; where the parser found none for somebody, by name and team."""
    by_name = {(line.get("Name"), line.get("Team")): line for line in headers.get("PlayerStats") or []}
    found = {key: about.get("stats") or by_name.get((about["name"], about["team"])) for key, about in known.items()}
    return {key: line for key, line in found.items() if line}


def score_line_of(
    key: Key, told: Data | None, *, events: Iterable[Data], goals: Iterable[Goal], place: int
) -> ScoreLine:
    """From the scoreboard; of who left before the end, from what happened in the match."""
    if told:
        names = ("Goals", "Assists", "Saves", "Shots", "Score")
        return ScoreLine(**{name.lower(): int(told.get(name, 0)) for name in names})
    kinds = [event["kind"] for event in events if event["player"] and key_of(event["player"]) == key]
    scored = sum(goal.scorer == place for goal in goals)
    return ScoreLine(goals=scored, assists=kinds.count("Assist"), saves=kinds.count("Save"), shots=kinds.count("Shot"))
