"""Reports and practice in the words of a chat. Verdicts are worded as on the coach's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matches.models import Replay
from training.discord.replies import Part, Reply, page
from training.models import Drill
from training.reading.standing import standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.discord.todays_practice import Today
    from training.models import Recommendation, SkillReport, TrainingPack
    from training.reading.standing import CategoryStanding

MOST_NAMED = 3
"""Categories of each kind that are named."""


def of_analysis(report: SkillReport) -> Reply:
    """What a report says: the verdict, how sure it is, what is surely good and bad, and who is compared with."""
    told = standing(report)
    headline = told.verdict.headline
    parts = (
        Part(name="How sure", text=told.verdict.confidence),
        Part(name="To be surer", text=told.verdict.more),
        Part(name="Surely below average", text=_named(told.weaknesses)),
        Part(name="Surely above average", text=_named(told.strengths)),
        Part(name="Compared with", text=told.compared_with),
    )
    return Reply(
        title=f"What holds you back: {headline[:1].lower()}{headline[1:]}",
        text=told.verdict.sentence,
        parts=parts,
        url=page("training:dashboard"),
        small_print=_made_up(report),
    )


def of_recommendation(report: SkillReport, recommended: Recommendation | None, *, minutes: int) -> Reply:
    """A recommendation of a report, as what to practise today."""
    item = (recommended.pack or recommended.drill) if recommended else None
    if recommended is None or item is None:
        return Reply(
            title="Nothing to recommend",
            text="No pack or drill that we know suits your rank and was not refused by you.",
            url=page("training:packs"),
        )
    parts = (
        *_how(item),
        Part(name="Why", text=recommended.reasoning),
        Part(name="What to expect", text=_expected(recommended.estimated_improvement)),
    )
    return Reply(
        title=f"Today: {item.name}",
        text=_so_far(minutes, item),
        parts=parts,
        url=page("training:dashboard"),
        small_print=_made_up(report),
    )


def of_planned(day: Today) -> Reply:
    """What is planned for today: the first session in full, the others by name."""
    first, *others = day.planned
    item = first.practised
    named = [each.practised.name if each.practised else each.get_category_display() for each in others]
    return Reply(
        title=f"Planned for today: {item.name if item else first.get_category_display()}",
        text=_so_far(day.minutes, item) if item else "In your own way.",
        parts=(
            *(_how(item) if item else ()),
            Part(name="Your notes", text=first.notes),
            Part(name="Also planned", text=", ".join(named)),
        ),
        url=page("training:sessions"),
    )


def _so_far(minutes: int, item: TrainingPack | Drill) -> str:
    what = f"{item.get_category_display()}, {item.sub_skill}."
    return f"You practised {minutes} minutes today already. If you want more: {what}" if minutes else what


def _how(item: TrainingPack | Drill) -> tuple[Part, ...]:
    """A pack's code, or a drill's steps."""
    if isinstance(item, Drill):
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(item.steps, start=1))
        return Part(name="Goal", text=item.goal), Part(name=f"How, in {item.minutes} minutes", text=steps)
    shots = f"{item.shots} shots, " if item.shots else ""
    made_by = f"{shots}by {item.creator or 'an unknown creator'}, difficulty {item.difficulty} of 8"
    return Part(name="Code of the training pack", text=item.code, is_code=True), Part(name="Pack", text=made_by)


def _expected(told: dict[str, Any]) -> str:
    if told.get("expected") is None:
        return "Not measured yet: too few players have practised it and played on."
    return f"{told['statistic']}: {told['low']} to {told['high']} {told['unit']} ({told['evidence']})."


def _named(categories: Sequence[CategoryStanding]) -> str:
    lines = [f"{each.category.label}: better than {each.percentile} of 100" for each in categories[:MOST_NAMED]]
    return "\n".join(lines)


def _made_up(report: SkillReport) -> str:
    """A label where anything of it is simulated."""
    if Replay.objects.filter(pk__in=report.matches, is_simulated=True).exists():
        return "Simulated matches: made up, to show how it works."
    return "Compared with simulated players." if report.benchmark.get("is_simulated") else ""
