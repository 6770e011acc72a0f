"""Names that nobody could take for a real team's or player's."""

from __future__ import annotations

import numpy as np

CODE = "SIMB"
LEAGUE = "Simulated Basketball League"
COUNTRY = "Simulation"
_TEAMS = (
    ("Amberfall", "Comets"), ("Bellmoor", "Lanterns"), ("Cloudport", "Kites"), ("Driftwood Bay", "Otters"),
    ("Eastmarch", "Foxes"), ("Foghaven", "Sirens"), ("Glasshill", "Prisms"), ("Hollowbrook", "Owls"),
    ("Ironquay", "Anvils"), ("Jadewater", "Herons"), ("Kiteford", "Gales"), ("Lowmere", "Cranes"),
    ("Moonridge", "Badgers"), ("Northglen", "Stags"), ("Oldcastle", "Griffins"), ("Palewick", "Ghosts"),
    ("Quarrydale", "Rams"), ("Ravenhurst", "Quills"), ("Silverfen", "Pikes"), ("Thornbury Sound", "Wrens"),
    ("Underhill", "Moles"), ("Vinegate", "Harvest"), ("Westerby", "Storks"), ("Yewlake", "Archers"),
)  # fmt: skip
MOST_TEAMS_NAMED = len(_TEAMS)
_FIRST = (
    "Aldo", "Bram", "Corvin", "Dax", "Elric", "Fenn", "Garrick", "Hale", "Idris", "Jorun", "Kellan", "Lorcan",
    "Mirek", "Nevin", "Osric", "Pell", "Quillon", "Rafe", "Soren", "Tobin", "Ulric", "Varro", "Wystan", "Xander",
    "Yorick", "Zeno", "Ambrose", "Boaz", "Caspian", "Darian", "Evander", "Falk", "Gideon", "Hollis", "Ivo", "Joss",
)  # fmt: skip
_STARTS = (
    "Ash", "Black", "Copper", "Dusk", "Elder", "Frost", "Gold", "Hearth", "Iron", "Juniper", "Kettle", "Lark",
    "Marsh", "Nettle", "Oat", "Pebble", "Quince", "Rook", "Salt", "Tinder", "Umber", "Velvet", "Willow", "Yarrow",
)  # fmt: skip
_ENDS = ("barrow", "dell", "fennel", "grove", "latch", "mantle", "quill", "thorpe", "whistle", "wether")


def team_name(team: int) -> str:
    return " ".join(_TEAMS[team])


def abbreviation(team: int) -> str:
    """Three letters: those the place begins with."""
    return _TEAMS[team][0].replace(" ", "")[:3].upper()


def player_names(count: int, *, seed: int) -> list[str]:
    """So many names, each once; asking for more leaves the earlier ones as they are."""
    families = [start + end for start in _STARTS for end in _ENDS]
    chosen = np.random.default_rng([seed, 99]).permutation(len(_FIRST) * len(families))[:count]
    return [f"{_FIRST[i % len(_FIRST)]} {families[i // len(_FIRST)]}" for i in chosen.tolist()]
