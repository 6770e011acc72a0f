"""Following a person's replays at ballchasing.com: page by page, each file once, and going on where it stopped.

A round first ends the list that the last one did not, then lists what was uploaded since. `resume_url` is the page
that is being worked on, so that a worker that dies costs one page of looking again, and no file.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from matches.errors import FileTooLarge, MatchDataError
from matches.models import BallchasingAccount, BallchasingSync, Replay
from matches.rocket_league import replays
from matches.rocket_league.ballchasing import accounts
from matches.rocket_league.ballchasing.asking import ask_for_ranks
from matches.rocket_league.ballchasing.client import Ballchasing, Listed, Page
from matches.rocket_league.ballchasing.errors import AllowanceSpent, KeyRefused, NotThere

if TYPE_CHECKING:
    from accounts.models import User

Status = BallchasingSync.Status
LEASE = timedelta(minutes=5)
LONGEST_ROUND = 8 * 60.0
"""Seconds after which a worker lets others have their turn."""
PAUSE = timedelta(minutes=10)
"""How long the buckets fill before it is worth going on."""
_LONGEST_URL = 500


class _Superseded(Exception):
    """Another worker took this round over, or the person took their key back."""


class _Enough(Exception):
    """The round has lasted long enough."""


def ask(account: BallchasingAccount) -> bool:
    """Queue a round; whether there was none under way."""
    sync, _ = BallchasingSync.objects.get_or_create(account=account, defaults={"status": Status.DONE})
    begun = {"found": 0, "taken": 0, "refused": 0, "resume_at": None, "heartbeat_at": timezone.now()}
    free = Q(status__in=(Status.DONE, Status.FAILED)) | Q(heartbeat_at__lt=timezone.now() - 12 * LEASE)
    asked = BallchasingSync.objects.filter(free, pk=sync.pk, account__is_active=True).update(
        status=Status.QUEUED, **begun
    )
    if asked:
        _send(account.pk)
    return bool(asked)


def ask_all() -> int:
    """Queue a round of every account whose key is good; how many that were."""
    return sum(ask(account) for account in BallchasingAccount.objects.filter(is_active=True).order_by("pk"))


def run(account_id: int, *, site: Ballchasing | None = None) -> BallchasingSync | None:
    """Work on a round until it is done, the allowance is spent, or its time is up; then it is queued to go on.

    None where there is nothing to do: the account is gone, or another worker is at it.
    """
    sync = _claim(account_id)
    if sync is None:
        return None
    try:
        _follow(_Round(sync, site or accounts.site_of(sync.account)))
    except _Superseded:
        return None
    except (AllowanceSpent, _Enough) as reason:
        _pause(sync, timedelta(seconds=reason.seconds) if isinstance(reason, AllowanceSpent) else timedelta())
    except MatchDataError as error:
        _stop(sync, error)
    else:
        _note(sync, status=Status.DONE)
        _remember(sync.account, last_synced_at=timezone.now(), last_error="")
    sync.refresh_from_db()
    return sync


class _Round:
    """One worker's turn on a round."""

    def __init__(self, sync: BallchasingSync, site: Ballchasing) -> None:
        self.sync, self.site, self.account = sync, site, sync.account
        self.ends = time.monotonic() + LONGEST_ROUND

    @property
    def user(self) -> User:
        return self.account.user

    def check(self) -> None:
        if time.monotonic() > self.ends:
            raise _Enough
        _note(self.sync)


def _follow(turn: _Round) -> None:
    if turn.account.resume_url:
        _pages(turn, turn.account.resume_url, again=turn.sync.found > 0)
    _pages(turn, turn.site.first_page(uploaded_after=turn.account.synced_until))


def _pages(turn: _Round, url: str, *, again: bool = False) -> None:
    """Take in a list from one of its pages on; `again` says that this round counted the first of them already."""
    while url:
        turn.check()
        page = turn.site.page(url)
        _remember(turn.account, resume_url=_short(url), synced_until=_newest(turn.account, page))
        _note(turn.sync, found=F("found") + (0 if again else len(page.replays)))
        for listed in page.replays:
            turn.check()
            outcome = _take_in(turn, listed)
            if outcome:
                _note(turn.sync, **{outcome: F(outcome) + 1})
        again, url = False, page.next
        _remember(turn.account, resume_url=_short(url))


def _short(url: str) -> str:
    """An address that the row can hold; the list is begun anew after one that it can't."""
    return url if len(url) <= _LONGEST_URL else ""


def _newest(account: BallchasingAccount, page: Page) -> Any:
    times = [listed.created for listed in page.replays if listed.created is not None]
    return max([*times, *([account.synced_until] if account.synced_until else [])], default=None)


def _take_in(turn: _Round, listed: Listed) -> str:
    """What became of a listed replay: `taken`, `refused`, or nothing where it is here already."""
    here = Q(ballchasing_id=listed.id) | (Q(guid=listed.guid) if listed.guid else Q(pk=None))
    standing = Replay.objects.filter(here, owners__user=turn.user).first()
    if standing is not None:
        _call_it(standing, listed)
        return ""
    try:
        with turn.site.file(listed.id) as file:
            name = f"{listed.title or listed.id}.replay"
            received = replays.receive(file, filename=name, user=turn.user, source=Replay.Source.BALLCHASING)
    except (NotThere, FileTooLarge):
        return "refused"
    _call_it(received.replay, listed)
    return "taken" if received.outcome == "new" else ""


def _call_it(replay: Replay, listed: Listed) -> None:
    """Note what ballchasing.com calls a replay, by which its players' ranks are asked for."""
    Replay.objects.filter(pk=replay.pk, ballchasing_id="").update(ballchasing_id=listed.id)
    # It may have been read before it was called so; else the ranks are asked for when it is.
    if Replay.objects.processed().filter(pk=replay.pk).exists():
        ask_for_ranks(replay.pk)


def _claim(account_id: int) -> BallchasingSync | None:
    now = timezone.now()
    free = Q(status__in=(Status.QUEUED, Status.PAUSED)) | Q(status=Status.RUNNING, heartbeat_at__lt=now - LEASE)
    mine = BallchasingSync.objects.filter(free, account_id=account_id, account__is_active=True)
    if not mine.update(status=Status.RUNNING, attempt=F("attempt") + 1, heartbeat_at=now, resume_at=None):
        return None
    return BallchasingSync.objects.select_related("account__user").get(account_id=account_id)


def _note(sync: BallchasingSync, **what: Any) -> None:
    """Write to the round while it is this worker's, with a sign of life. Raises _Superseded."""
    held = BallchasingSync.objects.filter(pk=sync.pk, attempt=sync.attempt, status=Status.RUNNING)
    if not held.update(heartbeat_at=timezone.now(), **what):
        raise _Superseded


def _remember(account: BallchasingAccount, **what: Any) -> None:
    for name, value in what.items():
        setattr(account, name, value)
    BallchasingAccount.objects.filter(pk=account.pk).update(**what)


def _pause(sync: BallchasingSync, seconds: timedelta) -> None:
    wait = max(seconds, PAUSE) if seconds else timedelta()
    _note(sync, status=Status.PAUSED, resume_at=timezone.now() + wait)
    _send(sync.account_id, countdown=wait.total_seconds())


def _stop(sync: BallchasingSync, error: MatchDataError) -> None:
    _note(sync, status=Status.FAILED)
    told = {"last_error": str(error)[:300]}
    _remember(sync.account, **told, **({"is_active": False} if isinstance(error, KeyRefused) else {}))


def _send(account_id: int, *, countdown: float = 0) -> None:
    from matches.tasks import sync_ballchasing

    send = partial(sync_ballchasing.apply_async, (account_id,), countdown=countdown)
    # A broker that does not answer is logged: the next daily round sends it again.
    transaction.on_commit(send, robust=True)
