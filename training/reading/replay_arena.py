"""Arenas by their code in a replay: what players call them, and whether they have the usual shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FieldKind = Literal["standard", "other"]

TITLES: Mapping[str, str] = {
    "arc_darc_p": "Starbase ARC (Aftermath)",
    "arc_p": "ARCtagon",
    "arc_standard_p": "Starbase ARC",
    "bb_p": "Champions Field (NFL)",
    "beach_night_p": "Salty Shores (Night)",
    "beach_p": "Salty Shores",
    "chn_stadium_day_p": "Forbidden Temple (Day)",
    "chn_stadium_p": "Forbidden Temple",
    "cs_day_p": "Champions Field (Day)",
    "cs_hw_p": "Rivals Arena",
    "cs_p": "Champions Field",
    "eurostadium_dusk_p": "Mannfield (Dusk)",
    "eurostadium_night_p": "Mannfield (Night)",
    "eurostadium_p": "Mannfield",
    "eurostadium_rainy_p": "Mannfield (Stormy)",
    "eurostadium_snownight_p": "Mannfield (Snowy)",
    "farm_night_p": "Farmstead (Night)",
    "farm_p": "Farmstead",
    "hoopsstadium_p": "Dunk House",
    "hoopsstreet_p": "The Block",
    "mall_day_p": "Boostfield Mall",
    "music_p": "Neon Fields",
    "neotokyo_hax_p": "Neo Tokyo (Hacked)",
    "neotokyo_p": "Tokyo Underpass",
    "neotokyo_standard_p": "Neo Tokyo",
    "neotokyo_toon_p": "Neo Tokyo (Comic)",
    "outlaw_oasis_p": "Deadeye Canyon (Oasis)",
    "outlaw_p": "Deadeye Canyon",
    "paname_dusk_p": "Parc de Paris",
    "park_night_p": "Beckwith Park (Midnight)",
    "park_p": "Beckwith Park",
    "park_rainy_p": "Beckwith Park (Stormy)",
    "park_snowy_p": "Beckwith Park (Snowy)",
    "shattershot_p": "Core 707",
    "stadium_day_p": "DFH Stadium (Day)",
    "stadium_foggy_p": "DFH Stadium (Stormy)",
    "stadium_p": "DFH Stadium",
    "stadium_race_day_p": "DFH Stadium (Circuit)",
    "stadium_winter_p": "DFH Stadium (Snowy)",
    "street_p": "Sovereign Heights (Dusk)",
    "swoosh_p": "Champions Field (Nike FC)",
    "throwbackhockey_p": "Throwback Stadium (Snowy)",
    "throwbackstadium_p": "Throwback Stadium",
    "trainstation_dawn_p": "Urban Central (Dawn)",
    "trainstation_night_p": "Urban Central (Night)",
    "trainstation_p": "Urban Central",
    "uf_day_p": "Futura Garden (Day)",
    "uf_night_p": "Futura Garden (Night)",
    "underwater_grs_p": "AquaDome (Salty Shallows)",
    "underwater_p": "AquaDome",
    "utopiastadium_dusk_p": "Utopia Coliseum (Dusk)",
    "utopiastadium_lux_p": "Utopia Coliseum (Gilded)",
    "utopiastadium_p": "Utopia Coliseum",
    "utopiastadium_snow_p": "Utopia Coliseum (Snowy)",
    "wasteland_night_p": "Badlands (Night)",
    "wasteland_night_s_p": "Wasteland (Night)",
    "wasteland_p": "Badlands",
    "wasteland_s_p": "Wasteland",
}

OTHER_SHAPES = frozenset(
    {"arc_p", "neotokyo_p", "shattershot_p", "throwbackhockey_p", "throwbackstadium_p", "wasteland_p"}
    | {"wasteland_night_p"}
)
OTHER_FAMILIES = ("hoops", "labs_", "ko_", "beachvolley", "throwback")


def arena_title(map_code: str) -> str:
    """DFH Stadium for `stadium_p`; for a code that isn't known, the code made readable; empty for none."""
    code = map_code.lower()
    return TITLES.get(code) or code.removesuffix("_p").replace("_", " ").title()


def field_kind(map_code: str) -> FieldKind:
    """Whether the viewer may draw the usual field with its pads, or only a plain floor."""
    code = map_code.lower()
    return "other" if code in OTHER_SHAPES or code.startswith(OTHER_FAMILIES) else "standard"
