"""The coach's first page: what is known of a player, and where nothing is, what is missing and the one next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse

from matches.models import Playlist, Replay, ReplayOwner
from matches.rocket_league import own_rows
from matches.rocket_league.stated_ranks import RANKED
from training import progress
from training.analysing import minimum_matches
from training.models import SkillReport, TrainingSession
from training.reading.standing import ReportStanding, standing

if TYPE_CHECKING:
    from accounts.models import User
    from training.models import Recommendation
    from training.progress import Progress

RECENT = 5
COMING = 3
UNREAD = (Replay.Status.QUEUED, Replay.Status.PROCESSING)


@dataclass(frozen=True, kw_only=True)
class Step:
    """The one thing to do next. `analyse`: it is a button that has the matches analysed; else a link."""

    title: str
    words: str
    action: str = ""
    url: str = ""
    analyse: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaylistTab:
    playlist: Playlist
    matches: int
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """`step` stands where there is no report; `unseen` are matches that came after the report was made."""

    player: User
    tabs: tuple[PlaylistTab, ...]
    step: Step | None
    standing: ReportStanding | None
    recommendations: Sequence[Recommendation]
    unseen: int
    reading: int
    """Replays that wait to be read or are being read."""
    progress: Progress
    coming: Sequence[TrainingSession]
    replays: Sequence[Replay]


def dashboard(player: User, *, playlist: str = "", now: datetime) -> Dashboard:
    """What the first page shows of a player, in one of the ranked playlists they have matches in."""
    states = _states(player)
    played = _played(player)
    chosen = _chosen(playlist, played, player)
    report = _report(player, chosen)
    return Dashboard(
        player=player,
        tabs=tuple(PlaylistTab(playlist=p, matches=n, is_chosen=p == chosen) for p, n in played.items()),
        step=None if report else _step(player, states, played, chosen),
        standing=standing(report) if report else None,
        recommendations=_recommendations(report),
        unseen=_unseen(player, report),
        reading=sum(states[status] for status in UNREAD),
        progress=progress.of(player, now=now),
        coming=_coming(player),
        replays=list(Replay.objects.of(player).processed()[:RECENT]),
    )


def _states(player: User) -> Counter[str]:
    rows = ReplayOwner.objects.filter(user=player).values_list("replay__status").annotate(n=Count("pk")).order_by()
    return Counter(dict(rows))


def _played(player: User) -> dict[Playlist, int]:
    """The player's own matches in ranked playlists, the most played first."""
    rows = own_rows.rows_of(player).order_by().values_list("replay__playlist").annotate(n=Count("pk"))
    found = {Playlist(name): count for name, count in rows if name in RANKED}
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def _chosen(asked: str, played: dict[Playlist, int], player: User) -> Playlist | None:
    """The playlist asked for, else that of the latest report, else the most played."""
    if asked in played:
        return Playlist(asked)
    latest = SkillReport.objects.of(player).values_list("playlist", flat=True).first()
    return Playlist(latest) if latest else next(iter(played), None)


def _report(player: User, playlist: Playlist | None) -> SkillReport | None:
    reports = SkillReport.objects.of(player).select_related("prediction__model_version", "user")
    return reports.filter(playlist=playlist).first() if playlist else None


def _recommendations(report: SkillReport | None) -> Sequence[Recommendation]:
    return list(report.recommendations.select_related("pack", "drill")) if report else []


def _unseen(player: User, report: SkillReport | None) -> int:
    """Matches of the report's playlist that were read since it was made."""
    if report is None:
        return 0
    rows = own_rows.rows_of(player, playlist=Playlist(report.playlist)).filter(replay__processed_at__gt=report.made_at)
    return rows.exclude(replay__in=report.matches).count()


def _coming(player: User) -> Sequence[TrainingSession]:
    planned = TrainingSession.objects.of(player).filter(status=TrainingSession.Status.PLANNED)
    return list(planned.select_related("pack", "drill").order_by("planned_for", "pk")[:COMING])


def _step(player: User, states: Counter[str], played: dict[Playlist, int], chosen: Playlist | None) -> Step:
    """What is missing, in the order in which a new player comes upon it."""
    if not states:
        return Step(
            title="Bring your first replays",
            words="Upload a few ranked matches: they are read, measured, and compared with players of your rank.",
            action="Upload replays",
            url=reverse("training:replays"),
        )
    if not states[Replay.Status.PROCESSED]:
        return _unread(states)
    if not own_rows.rows_of(player).exists():
        return Step(
            title="Which of the players are you?",
            words="Your replays were read, but we don't know which of the players in them is you.",
            action="Tell us who you are",
            url=reverse("training:settings"),
        )
    need, have = minimum_matches(), played.get(chosen, 0) if chosen else 0
    if have < need:
        return _too_few(have, need)
    return Step(
        title="Ready to be analysed",
        words=f"{have} of your matches were measured. See where you stand and what holds you back.",
        action="Analyse my matches",
        analyse=True,
    )


def _unread(states: Counter[str]) -> Step:
    waiting = sum(states[status] for status in UNREAD)
    words = (
        f"{waiting} replay{'s' * (waiting > 1)} wait to be read. It takes a few seconds each."
        if waiting
        else "None of the replays could be read; each says why in the list."
    )
    return Step(
        title="Being read" if waiting else "No replay could be read",
        words=words,
        action="See how it goes" if waiting else "See why",
        url=reverse("training:replays"),
    )


def _too_few(have: int, need: int) -> Step:
    more = need - have
    words = (
        f"You were found in {have} ranked match{'es' * (have != 1)}; it takes {need} to say anything."
        if have
        else "Only ranked matches can be compared with players of your rank, and you were found in none yet."
    )
    return Step(
        title=f"Upload {more} more ranked replay{'s' * (more > 1)}",
        words=words,
        action="Upload replays",
        url=reverse("training:replays"),
    )
