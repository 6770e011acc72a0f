"""What sources call players beside their names: short names, full names and names of before, as keys.

Facts that no folding finds. A key that is a player's own name by itself is never replaced.
"""

from __future__ import annotations

OTHER_NAMES: dict[str, str] = {
    "alfred joel horford reynoso": "al horford",
    "bojan bogdanovich": "bojan bogdanovic",
    "brook robert lopez": "brook lopez",
    "cam johnson": "cameron johnson",
    "cam thomas": "cameron thomas",
    "cameron johnson": "cam johnson",
    "cameron thomas": "cam thomas",
    "christian james mccollum": "cj mccollum",
    "danilo galinari": "danilo gallinari",
    "edrice femi adebayo": "bam adebayo",
    "eric ambrose gordon": "eric gordon",
    "gregory jackson": "gg jackson",
    "herb jones": "herbert jones",
    "herbert jones": "herb jones",
    "ishmael larry smith": "ish smith",
    "joshua giddey": "josh giddey",
    "kenyon martin": "kj martin",
    "kevin devon knox": "kevin knox",
    "kj martin": "kenyon martin",
    "maurice wagner": "moritz wagner",
    "mo bamba": "mohamed bamba",
    "moe wagner": "moritz wagner",
    "mohamed bamba": "mo bamba",
    "moritz wagner": "moe wagner",
    "nic claxton": "nicolas claxton",
    "nicholas batum": "nicolas batum",
    "nicolas claxton": "nic claxton",
    "obadiah toppin": "obi toppin",
    "patrick mills": "patty mills",
    "svi mykhailiuk": "sviatoslav mykhailiuk",
    "sviatoslav mykhailiuk": "svi mykhailiuk",
}
