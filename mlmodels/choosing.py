"""What a person named, held against what there is: nothing that was asked for is left out in silence."""

from __future__ import annotations

from mlmodels.errors import InvalidSelection
from mlmodels.problem import Problem
from mlmodels.selection import Selection
from mlmodels.wording import listed


def refuse_what_is_not_there(problem: Problem, selection: Selection) -> None:
    """Raises InvalidSelection for a competition or season without finished rows, and for a competition without any in
    the seasons named."""
    if not selection.competitions and not selection.seasons:
        return
    choices = problem.choices()
    for kind, codes in (("competitions", selection.competitions), ("seasons", selection.seasons)):
        known = [choice.code for choice in choices.get(kind, ())]
        if unknown := [code for code in codes if code not in known]:
            named = kind[:-1] if len(unknown) == 1 else kind
            there = f"there are {', '.join(known)}" if known else "import some first"
            raise InvalidSelection(f"Nothing finished is known of the {named} {_quoted(unknown)}: {there}.")
    named_leagues = [choice for choice in choices.get("competitions", ()) if choice.code in selection.competitions]
    empty = [choice.code for choice in named_leagues if not set(choice.seasons) & set(selection.seasons)]
    if selection.seasons and empty:
        seasons = ", ".join(selection.seasons)
        raise InvalidSelection(f"Nothing finished is known of {_quoted(empty)} in the seasons {seasons}.")


def _quoted(codes: list[str]) -> str:
    return listed([repr(code) for code in codes])
