"""What comes of it: shots and goals, and those of the opponents."""

from __future__ import annotations

from training.models import Category
from training.rocket_league.features_columns import (
    THIRDS,
    per_five_minutes,
    plain,
    shrunk,
    shrunk_part,
    shrunk_rate,
)
from training.rocket_league.features_kind import Feature

SHOTS, GOALS, SAVES = "core_shots", "core_goals", "core_saves"
SHOTS_AGAINST, GOALS_AGAINST = "core_shots_against", "core_goals_against"
DEFENSIVE, _, OFFENSIVE = THIRDS

SHOOTING = (
    Feature(
        name="shots",
        title="Shots",
        category=Category.SHOOTING,
        unit="per 5 min",
        bounds=(0, 30),
        direction=1,
        description="Shots on goal: chances made and taken.",
        sources=(SHOTS,),
        compute=per_five_minutes(SHOTS),
        weight=1.5,
    ),
    Feature(
        name="goals",
        title="Goals",
        category=Category.SHOOTING,
        unit="per 5 min",
        bounds=(0, 20),
        direction=1,
        description="Goals scored: what shooting is for. Few a match, so that luck has a large part.",
        sources=(GOALS,),
        compute=per_five_minutes(GOALS),
    ),
    Feature(
        name="finishing",
        title="Goals of shots",
        category=Category.SHOOTING,
        unit="%",
        bounds=(0, 100),
        direction=1,
        description="Share of the shots that go in, drawn towards a third as if six more had been seen. It hardly "
        "differs between ranks: a low weight.",
        sources=(GOALS, SHOTS),
        compute=shrunk(GOALS, of=SHOTS, usual=1 / 3, weight=6),
        weight=0.5,
    ),
    Feature(
        name="shots_in_attack",
        title="Shots a minute in attack",
        category=Category.SHOOTING,
        unit="per min",
        bounds=(0, 20),
        direction=1,
        description="Shots for each minute in the opponents' third, drawn towards the usual rate as if one minute "
        "more had been seen: being there to some purpose.",
        sources=(SHOTS, OFFENSIVE),
        compute=shrunk_rate(SHOTS, during=(OFFENSIVE,), usual=1.8, minutes=1),
    ),
    Feature(
        name="goals_in_attack",
        title="Goals a minute in attack",
        category=Category.SHOOTING,
        unit="per min",
        bounds=(0, 10),
        direction=0,
        description="Goals for each minute in the opponents' third; already counted as goals: context.",
        sources=(GOALS, OFFENSIVE),
        compute=shrunk_rate(GOALS, during=(OFFENSIVE,), usual=0.6, minutes=1),
    ),
    Feature(
        name="shots_of_match",
        title="Own part of the shots in the match",
        category=Category.SHOOTING,
        unit="%",
        bounds=(0, 100),
        direction=0,
        description="Own shots of these and the opponents' together. It depends on the defence too: context.",
        sources=(SHOTS, SHOTS_AGAINST),
        compute=shrunk_part(SHOTS, other=SHOTS_AGAINST, usual=0.25, weight=4),
    ),
    Feature(
        name="shooting_percentage",
        title="Shooting percentage",
        category=Category.SHOOTING,
        unit="%",
        bounds=(0, 100),
        direction=0,
        description="Goals for a hundred shots as the scoreboard has it. It hardly differs between ranks and swings "
        "from match to match: context.",
        sources=("core_shooting_percentage",),
        compute=plain("core_shooting_percentage"),
    ),
)
DEFENCE = (
    Feature(
        name="saves",
        title="Saves",
        category=Category.DEFENDING,
        unit="per 5 min",
        bounds=(0, 30),
        direction=1,
        description="Shots kept out of the goal.",
        sources=(SAVES,),
        compute=per_five_minutes(SAVES),
    ),
    Feature(
        name="saves_of_shots",
        title="Saves of shots against",
        category=Category.DEFENDING,
        unit="%",
        bounds=(0, 100),
        direction=1,
        description="Share of the opponents' shots that this player saved, drawn towards one in six as if three more "
        "had been seen: being there when they shoot.",
        sources=(SAVES, SHOTS_AGAINST),
        compute=shrunk(SAVES, of=SHOTS_AGAINST, usual=1 / 6, weight=3),
        weight=1.5,
    ),
    Feature(
        name="saves_in_defence",
        title="Saves a minute in defence",
        category=Category.DEFENDING,
        unit="per min",
        bounds=(0, 10),
        direction=1,
        description="Saves for each minute in the own third, drawn towards the usual rate as if one minute more had "
        "been seen.",
        sources=(SAVES, DEFENSIVE),
        compute=shrunk_rate(SAVES, during=(DEFENSIVE,), usual=0.36, minutes=1),
        weight=0.5,
    ),
    Feature(
        name="goals_against",
        title="Goals against",
        category=Category.DEFENDING,
        unit="per 5 min",
        bounds=(0, 30),
        direction=-1,
        description="Goals the team concedes while this player is there: a team's work, and each one's part in it.",
        sources=(GOALS_AGAINST,),
        compute=per_five_minutes(GOALS_AGAINST),
    ),
    Feature(
        name="shots_against",
        title="Shots against",
        category=Category.DEFENDING,
        unit="per 5 min",
        bounds=(0, 60),
        direction=-1,
        description="Shots the team allows: defending begins before the shot. A team's work: a low weight.",
        sources=(SHOTS_AGAINST,),
        compute=per_five_minutes(SHOTS_AGAINST),
        weight=0.5,
    ),
    Feature(
        name="conceded_of_shots",
        title="Goals of shots against",
        category=Category.DEFENDING,
        unit="%",
        bounds=(0, 100),
        direction=-1,
        description="Share of the opponents' shots that go in, drawn towards a third as if six more had been seen.",
        sources=(GOALS_AGAINST, SHOTS_AGAINST),
        compute=shrunk(GOALS_AGAINST, of=SHOTS_AGAINST, usual=1 / 3, weight=6),
    ),
)
FEATURES_OF_BALL: tuple[Feature, ...] = (*SHOOTING, *DEFENCE)
