"""What a player fills in about who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import PlatformAccount
from matches.models import Playlist, RankGroup
from matches.rocket_league.stated_ranks import RANKED

TITLES = {
    Playlist.RANKED_DUELS: "Duels (1v1)",
    Playlist.RANKED_DOUBLES: "Doubles (2v2)",
    Playlist.RANKED_STANDARD: "Standard (3v3)",
}


class RanksForm(forms.Form):
    """A rank in each ranked playlist, or none."""

    def __init__(self, *args: Any, stated: Mapping[Playlist, RankGroup | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for playlist in RANKED:
            self.fields[playlist] = forms.ChoiceField(
                label=TITLES[playlist],
                required=False,
                choices=[("", "Not stated"), *RankGroup.choices],
                initial=stated[playlist] or "",
            )

    @property
    def ranks(self) -> dict[Playlist, RankGroup | None]:
        chosen = {playlist: self.cleaned_data[playlist] for playlist in RANKED}
        return {playlist: RankGroup(rank) if rank else None for playlist, rank in chosen.items()}


class AccountForm(forms.Form):
    platform = forms.ChoiceField(choices=PlatformAccount.Platform.choices)
    platform_id = forms.CharField(
        label="Id there",
        max_length=200,
        help_text="On Steam: the 17 digits in your profile's address. On Epic Games: the account id of 32 characters.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label="Name there", max_length=100, required=False)


class OfferForm(forms.Form):
    coach_email = forms.EmailField(
        label="Your coach's e-mail address",
        help_text="They get a message with your name and address, and see your replays, analyses and training "
        "once they accept.",
    )


class BallchasingForm(forms.Form):
    key = forms.CharField(
        label="Your key",
        max_length=200,
        help_text="Make one at ballchasing.com/upload, signed in there with Steam. It is kept encrypted, and used "
        "for your own uploads and the ranks in them only.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
