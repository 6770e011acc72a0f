"""The options of every command that takes a problem or a selection of its rows."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from mlmodels.problem import Problem, get_variant
from mlmodels.selection import Selection


def add_problem_options(parser: ArgumentParser, *, default: str = "") -> None:
    """`problem`, as `--problem` where there is a default, and `--stat`."""
    words = "Its slug, or the name of a family."
    if default:
        parser.add_argument("--problem", default=default, metavar="SLUG", help=words)
    else:
        parser.add_argument("problem", help=words)
    parser.add_argument("--stat", default="", metavar="NAME", help="Which of a family, e.g. points of player-props.")


def problem_from(options: Mapping[str, Any]) -> Problem:
    """Raises UnknownProblem, with what there is."""
    return get_variant(options["problem"], options["stat"])


def add_selection_options(parser: ArgumentParser) -> None:
    parser.add_argument("--competition", action="append", default=[], metavar="CODE", help="Repeat for several.")
    parser.add_argument("--season", action="append", default=[], metavar="CODE", help="Repeat for several.")
    parser.add_argument("--from", dest="date_from", metavar="YYYY-MM-DD", help="First day.")
    parser.add_argument("--to", dest="date_to", metavar="YYYY-MM-DD", help="Last day.")


def selection_from(options: Mapping[str, Any]) -> Selection:
    """Raises InvalidSelection for a date that can't be read or dates reversed."""
    return Selection.from_json(
        {
            "competitions": options["competition"],
            "seasons": options["season"],
            "date_from": options["date_from"],
            "date_to": options["date_to"],
        }
    )
