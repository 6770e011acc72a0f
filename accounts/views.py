"""Settings, API keys and the age gate."""

from allauth.socialaccount.forms import DisconnectForm
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consents, keys
from accounts.adults import safe_next_url
from accounts.forms import ApiKeyForm, ProfileForm
from accounts.models import ApiKey, Consent
from accounts.requests import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    """How pages look to this person, and what they allowed."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form, "consents": request.user.consents.active()})


@login_required
@require_POST
def withdraw_consent(request: SignedInRequest, kind: str) -> HttpResponseRedirect:
    if kind in Consent.Kind.values and consents.withdraw(request.user, Consent.Kind(kind)):
        messages.success(request, "Withdrawn. We keep the date, so that you can show it.")
    return redirect("accounts:settings")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: SignedInRequest) -> HttpResponse:
    """This person's keys; a new one is shown once, in the answer to the request that made it."""
    form = ApiKeyForm(request.POST or None)
    new_key = ""
    if request.method == "POST" and form.is_valid():
        _, new_key = keys.create(request.user, name=form.cleaned_data["name"])
        form = ApiKeyForm()
    context = {"form": form, "new_key": new_key, "keys": request.user.api_keys.all()}
    return render(request, "accounts/api_keys.html", context)


@login_required
@require_POST
def revoke_api_key(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    key = get_object_or_404(ApiKey, pk=pk, user=request.user)
    keys.revoke(key)
    messages.success(request, f"The key {key.name} no longer works.")
    return redirect("accounts:api-keys")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def connections(request: SignedInRequest) -> HttpResponseRedirect:
    """Disconnect an account that one signs in with, unless there is no other way in. The coach's page shows them."""
    if request.method == "POST":
        form = DisconnectForm(request.POST, request=request)
        if form.is_valid():
            form.save()
        else:
            messages.error(request, " ".join(words for complaints in form.errors.values() for words in complaints))
    return redirect("training:settings")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def age_gate(request: HttpRequest) -> HttpResponse:
    """Ask whether the visitor is 18 or older, and go on to where they wanted to."""
    next_url = safe_next_url(request)
    if request.method == "POST":
        consents.confirm_adult(request)
        return HttpResponseRedirect(next_url)
    return render(request, "accounts/age_gate.html", {"next_url": next_url})


@require_safe
def responsible_gambling(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/responsible_gambling.html")
