"""The options of every command that takes a selection of rows."""

from argparse import ArgumentParser
from typing import Any

from mlmodels.selection import Selection


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
