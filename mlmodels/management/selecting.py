"""The options of every command that takes a selection of rows."""

from argparse import ArgumentParser
from typing import Any

from mlmodels.errors import InvalidSelection
from mlmodels.problem import Problem
from mlmodels.selection import Selection
from mlmodels.wording import listed


def add_selection_options(parser: ArgumentParser) -> None:
    parser.add_argument("--competition", action="append", default=[], metavar="CODE", help="Repeat for several.")
    parser.add_argument("--season", action="append", default=[], metavar="CODE", help="Repeat for several.")
    parser.add_argument("--from", dest="date_from", metavar="YYYY-MM-DD", help="First day.")
    parser.add_argument("--to", dest="date_to", metavar="YYYY-MM-DD", help="Last day.")


def selection_from(options: dict[str, Any]) -> Selection:
    """Raises InvalidSelection for a date that can't be read or dates reversed."""
    return Selection.from_json(
        {
            "competitions": options["competition"],
            "seasons": options["season"],
            "date_from": options["date_from"],
            "date_to": options["date_to"],
        }
    )


def refuse_unknown(selection: Selection, problem: Problem) -> None:
    """Raises InvalidSelection for competitions and seasons without finished rows, which would be left out unseen."""
    for kind, codes in (("competitions", selection.competitions), ("seasons", selection.seasons)):
        known = [choice.code for choice in problem.choices().get(kind, ())]
        if unknown := [code for code in codes if code not in known]:
            names = listed([repr(code) for code in unknown])
            there = f"there are {', '.join(known)}" if known else "import some first"
            raise InvalidSelection(
                f"Nothing is known of the {kind[:-1] if len(unknown) == 1 else kind} {names}: {there}."
            )
