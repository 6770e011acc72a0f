"""Names that nobody could take for a real club's."""

from __future__ import annotations

from matches.simulation.rules import LeagueRules

COUNTRY = "Simulation"
_LEAGUES = ("Mirage", "Figment", "Chimera", "Phantom", "Reverie", "Illusion", "Fable", "Hologram")
_STARTS = (
    "Alder", "Brindle", "Cinder", "Dapple", "Ember", "Fennel", "Glimmer", "Hazel", "Inkle", "Juniper", "Kestrel",
    "Larkspur", "Marrow", "Nettle", "Osprey", "Pepper", "Quill", "Rumble", "Saffron", "Thimble", "Umber", "Velvet",
    "Whistle", "Yarrow", "Zephyr", "Bramble", "Copper", "Dusk", "Fable", "Gossamer", "Heron", "Ivory", "Jasper",
    "Kindle", "Lantern", "Mistle",
)  # fmt: skip
_ENDS = ("mere", "wick", "holm", "gate", "combe", "stead", "firth", "hythe")
_MASCOTS = ("Automata", "Dice", "Phantoms", "Daydreams", "Echoes", "Figments", "Shadows", "Mirages")


def league_code(number: int) -> str:
    return f"SIM{number}"


def league_name(number: int) -> str:
    """Of leagues counted from 1."""
    return f"{_LEAGUES[number - 1]} League"


def club_names(rules: LeagueRules) -> list[str]:
    """One name a club; leagues of different numbers share none."""
    shift = rules.number - 1
    return [
        f"{_STARTS[club]}{_ENDS[(club + shift) % len(_ENDS)]} {_MASCOTS[(club * 3 + shift) % len(_MASCOTS)]}"
        for club in range(rules.clubs)
    ]
