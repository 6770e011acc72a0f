"""Who a player is: ranks, accounts on platforms, coaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings as project_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import coaching, platforms
from accounts.errors import AccountError
from accounts.models import User
from accounts.requests import SignedInRequest
from matches.errors import DownloadFailed
from matches.models import BallchasingAccount, BallchasingSync
from matches.rocket_league import own_rows, stated_ranks
from matches.rocket_league.ballchasing import accounts as ballchasing_accounts
from matches.rocket_league.ballchasing import syncing
from training.discord import linking
from training.errors import TrainingError
from training.views.settings_forms import AccountForm, BallchasingForm, OfferForm, RanksForm


@never_cache
@login_required
@require_safe
def settings(request: SignedInRequest) -> HttpResponse:
    """What the coach needs to know of a player, and who else may see it."""
    return _page(request)


@login_required
@require_POST
def state_ranks(request: SignedInRequest) -> HttpResponse:
    form = _ranks_form(request.user, request.POST)
    if not form.is_valid():
        return _page(request, ranks_form=form)
    stated_ranks.state(request.user, form.ranks)
    messages.success(request, "Saved: your play is compared with players of that rank.")
    return redirect("training:settings")


@login_required
@require_POST
def link_account(request: SignedInRequest) -> HttpResponse:
    """An account that somebody picks from their replays or types in."""
    form = AccountForm(request.POST)
    if not _done(form, lambda: platforms.state(request.user, **form.cleaned_data), field="platform_id"):
        return _page(request, account_form=form)
    messages.success(request, "Saved: rows under that account are yours in every replay you bring in.")
    return redirect("training:settings")


@login_required
@require_POST
def unlink_account(request: SignedInRequest, pk: int) -> HttpResponse:
    account = platforms.remove(request.user, pk)
    messages.success(request, f"Removed {account}.")
    return redirect("training:settings")


@login_required
@require_POST
def connect_ballchasing(request: SignedInRequest) -> HttpResponse:
    """Keep a key that ballchasing.com knows, and begin to fetch."""
    form = BallchasingForm(request.POST)
    if not _done(form, lambda: ballchasing_accounts.connect(request.user, **form.cleaned_data), field="key"):
        return _page(request, ballchasing_form=form)
    return sync_ballchasing(request)


@login_required
@require_POST
def disconnect_ballchasing(request: SignedInRequest) -> HttpResponse:
    if ballchasing_accounts.disconnect(request.user):
        messages.success(request, "Your key is forgotten. The replays that came with it stay.")
    return redirect("training:settings")


@login_required
@require_POST
def sync_ballchasing(request: SignedInRequest) -> HttpResponse:
    """Fetch what is new at ballchasing.com, now."""
    account = get_object_or_404(BallchasingAccount, user=request.user)
    if syncing.ask(account):
        messages.success(request, "We look for your replays at ballchasing.com.")
    return redirect("training:settings")


@never_cache
@login_required
@require_safe
def ballchasing_progress(request: SignedInRequest) -> HttpResponse:
    """How the fetching stands, as the fragment that the page asks for while it goes on."""
    account = get_object_or_404(BallchasingAccount, user=request.user)
    context = {"ballchasing": account, "sync": _sync_of(account)}
    return render(request, "training/settings/_ballchasing_progress.html", context)


@login_required
@require_POST
def offer(request: SignedInRequest) -> HttpResponse:
    """Let somebody coach this player. What is answered is the same whoever has the address."""
    form = OfferForm(request.POST)
    if not _done(form, lambda: coaching.offer(request.user, **form.cleaned_data), field="coach_email"):
        return _page(request, offer_form=form)
    messages.success(request, f"Offered: whoever signs in with {form.cleaned_data['coach_email']} can accept it.")
    return redirect("training:settings")


@login_required
@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a grant or an offer, from either side."""
    grant = coaching.withdraw(request.user, pk)
    if grant.player_id == request.user.pk:
        messages.success(request, f"Withdrawn: {grant.coach_email} sees nothing of yours any more.")
        return redirect("training:settings")
    messages.success(request, f"Ended: you see nothing of {grant.player.shown_name} any more.")
    return redirect("training:players")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link_discord(request: SignedInRequest) -> HttpResponse:
    """Make a code to send to the bot; it is shown once, in the answer to the request that made it."""
    if request.method != "POST":
        # Whoever comes back to the address of that answer.
        return redirect("training:settings")
    try:
        code = linking.offer_code(request.user)
    except TrainingError as error:
        messages.error(request, str(error))
        return redirect("training:settings")
    return _page(request, discord_code=code)


@login_required
@require_POST
def unlink_discord(request: SignedInRequest) -> HttpResponse:
    if linking.unlink(request.user):
        messages.success(request, "Unlinked: the bot tells that Discord account nothing of yours any more.")
    return redirect("training:settings")


def _done(form: forms.Form, act: Callable[[], object], *, field: str) -> bool:
    """Whether a form was right and its deed done; what was refused is said at a field."""
    if not form.is_valid():
        return False
    try:
        act()
    except (AccountError, DownloadFailed) as error:
        form.add_error(field, str(error))
        return False
    return True


def _page(request: SignedInRequest, *, discord_code: str = "", **bound: forms.Form) -> HttpResponse:
    """The page, with a new code for Discord, or with forms as they were filled in where they could not be taken."""
    user = request.user
    account = BallchasingAccount.objects.filter(user=user).first()
    known = list(platforms.of(user))
    context: dict[str, Any] = {
        "ranks_form": _ranks_form(user),
        "account_form": AccountForm(),
        "offer_form": OfferForm(),
        "ballchasing_form": BallchasingForm(),
        "ballchasing": account,
        "sync": _sync_of(account),
        "accounts": known,
        "has_proof": any(one.is_verified for one in known),
        "candidates": own_rows.might_be(user),
        "grants": user.grants_given.filter(withdrawn_at=None).select_related("coach"),
        "discord_is_here": bool(project_settings.DISCORD_BOT_TOKEN),
        "discord_link": linking.link_of(user),
        "discord_code": discord_code,
        **bound,
    }
    return render(request, "training/settings/settings.html", context, status=422 if bound else 200)


def _sync_of(account: BallchasingAccount | None) -> BallchasingSync | None:
    return BallchasingSync.objects.filter(account=account).first() if account else None


def _ranks_form(user: User, data: Any = None) -> RanksForm:
    return RanksForm(data, stated=stated_ranks.stated(user))
