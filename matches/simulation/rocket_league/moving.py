"""What one player's car did in a match: speed, height, boost and place, in seconds and sums.

The constants are round numbers from playing and watching the game, not fitted to anyone's data. `level` is the rank
from -1 to 1, `form` how each skill showed in the match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

BIG_PAD, SMALL_PAD = 100.0, 12.0
Form = Mapping[str, float]
Statistics = dict[str, float]


def driving(seconds: float, level: float, form: Form, rng: np.random.Generator) -> Statistics:
    """Speeds, heights and powerslides."""
    skill, flying = form["mechanical"], form["aerial_ability"]
    supersonic = _within(0.10 + 0.06 * level + 0.03 * skill + rng.normal(0, 0.015), 0.01, 0.4)
    slow = _within(0.53 - 0.11 * level - 0.05 * skill + rng.normal(0, 0.03), 0.2, 0.95 - supersonic)
    high = _within(0.035 * np.exp(0.7 * level + 0.45 * flying + rng.normal(0, 0.2)), 0.001, 0.25)
    low = _within(0.36 + 0.05 * level + 0.03 * flying + rng.normal(0, 0.03), 0.1, 0.7)
    speed = _within(1430 + 150 * level + 70 * skill + rng.normal(0, 35), 700, 2100)
    slides = rng.poisson(seconds / 300 * np.exp(3.4 + 0.6 * level + 0.3 * skill + rng.normal(0, 0.2)))
    length = 0.15 * np.exp(-0.3 * level - 0.12 * skill + rng.normal(0, 0.15))
    return {
        "movement_avg_speed": speed,
        "movement_avg_speed_percentage": 100 * speed / 2300,
        "movement_total_distance": speed * seconds,
        **_shares(
            "movement",
            ("slow_speed", "boost_speed", "supersonic_speed"),
            (slow, 1 - slow - supersonic, supersonic),
            seconds,
        ),
        **_shares("movement", ("ground", "low_air", "high_air"), (1 - low - high, low, high), seconds),
        "movement_count_powerslide": float(slides),
        "movement_avg_powerslide_duration": length,
        "movement_time_powerslide": slides * length,
    }


def boosting(seconds: float, level: float, form: Form, rng: np.random.Generator) -> Statistics:
    """What was collected, stolen, overfilled, wasted, and how full the tank was."""
    thrift, nerve = form["boost_management"], form["game_sense"]
    rate = _within(340 + 90 * level + 40 * thrift + rng.normal(0, 25), 60, 900)
    collected = rate * seconds / 60
    small_pads = min(
        rng.poisson(_within(43 + 11 * level + 5 * thrift, 5, 150) * seconds / 300), collected / SMALL_PAD * 0.8
    )
    small = small_pads * _within(11.4 + rng.normal(0, 0.3), 9, SMALL_PAD)
    big = collected - small
    stolen = _within(0.21 * np.exp(0.2 * nerve + 0.1 * level + rng.normal(0, 0.2)), 0.01, 0.7)
    stolen_big = _within(stolen * (0.8 + rng.normal(0, 0.1)), 0, 0.8)
    big_pads = big / _within(80 + 2 * thrift + rng.normal(0, 4), 40, BIG_PAD)
    overfill = _within(0.16 - 0.02 * thrift + rng.normal(0, 0.03), 0.01, 0.5) * collected
    return {
        "boost_bpm": rate * _within(0.97 + rng.normal(0, 0.02), 0.8, 1),
        "boost_bcpm": rate,
        "boost_amount_collected": collected,
        "boost_amount_collected_big": big,
        "boost_amount_collected_small": small,
        "boost_count_collected_big": big_pads,
        "boost_count_collected_small": float(small_pads),
        "boost_amount_stolen": stolen * collected,
        "boost_amount_stolen_big": stolen_big * big,
        "boost_amount_stolen_small": max(0.0, stolen * collected - stolen_big * big),
        "boost_count_stolen_big": stolen_big * big_pads,
        "boost_count_stolen_small": small_pads * _within(1.4 * stolen, 0, 0.9),
        "boost_amount_overfill": overfill,
        "boost_amount_overfill_stolen": overfill * stolen * _within(0.8 + rng.normal(0, 0.2), 0.1, 1),
        "boost_amount_used_while_supersonic": collected
        * _within(0.13 - 0.015 * thrift - 0.01 * level + rng.normal(0, 0.03), 0.005, 0.5),
        **_tank(seconds, thrift, rng),
    }


def _tank(seconds: float, thrift: float, rng: np.random.Generator) -> Statistics:
    low = _within(0.30 - 0.05 * thrift + rng.normal(0, 0.05), 0.05, 0.7)
    rest = (1 - low) * rng.dirichlet((22, 20, 30))
    empty = low * _within(0.36 - 0.04 * thrift + rng.normal(0, 0.07), 0.02, 0.95)
    full = float(rest[2]) * _within(0.45 - 0.04 * thrift + rng.normal(0, 0.07), 0.02, 0.95)
    shares = (low, *rest.tolist())
    return {
        **_shares("boost", ("boost_0_25", "boost_25_50", "boost_50_75", "boost_75_100"), shares, seconds),
        **_shares("boost", ("zero_boost", "full_boost"), (empty, full), seconds),
        "boost_avg_amount": 100 * float(np.dot(shares, (0.1, 0.37, 0.62, 0.9))),
    }


def standing(seconds: float, form: Form, rng: np.random.Generator) -> Statistics:
    """Thirds, halves, sides of the ball and distances to it."""
    skill, reading = form["positioning"], form["game_sense"]
    own = _within(0.49 - 0.035 * skill + rng.normal(0, 0.05), 0.2, 0.8)
    middle = _within(0.30 + 0.02 * skill + rng.normal(0, 0.03), 0.08, 0.95 - own)
    behind = _within(0.72 + 0.025 * skill + rng.normal(0, 0.035), 0.4, 0.95)
    defensive_half = _within(own + middle / 2 + rng.normal(0, 0.01), own, own + middle)
    away = _within(2870 - 180 * skill + rng.normal(0, 150), 1200, 6000)
    gap = 165 + 130 * reading + rng.normal(0, 170)
    return {
        **_shares(
            "positioning",
            ("defensive_third", "neutral_third", "offensive_third"),
            (own, middle, 1 - own - middle),
            seconds,
        ),
        **_shares("positioning", ("defensive_half", "offensive_half"), (defensive_half, 1 - defensive_half), seconds),
        **_shares("positioning", ("behind_ball", "infront_ball"), (behind, 1 - behind), seconds),
        "positioning_avg_distance_to_ball": away,
        "positioning_avg_distance_to_ball_possession": away - gap / 2,
        "positioning_avg_distance_to_ball_no_possession": away + gap / 2,
    }


def turns(seconds: float, forms: Sequence[Form], rng: np.random.Generator) -> list[Statistics]:
    """How a team of two or three shared being first and last, near and far; one by one, each role's shares sum to 1."""
    size = len(forms)
    spread = np.array([0.09 * np.exp(-0.35 * form["rotation"]) for form in forms])
    found: list[Statistics] = [{} for _ in forms]
    for one, other in (("most_back", "most_forward"), ("closest_to_ball", "farthest_from_ball")):
        lean = rng.normal(size=size) * spread
        lean = np.clip(lean - lean.mean(), -0.9 / size, 0.9 / size)
        for mine, of in zip(found, lean, strict=True):
            mine |= _shares("positioning", (one, other), (1 / size + of, 1 / size - of), seconds)
    for mine in found:
        mine["positioning_avg_distance_to_mates"] = _within(3500 + rng.normal(0, 300), 1500, 6000)
    return found


def _shares(group: str, names: Sequence[str], shares: Sequence[float], seconds: float) -> Statistics:
    """Seconds and per cent of the time, under ballchasing's names."""
    told = list(zip(names, shares, strict=True))
    return {f"{group}_time_{name}": float(share * seconds) for name, share in told} | {
        f"{group}_percent_{name}": float(100 * share) for name, share in told
    }


def _within(value: float, lowest: float, highest: float) -> float:
    return float(min(max(value, lowest), highest))
