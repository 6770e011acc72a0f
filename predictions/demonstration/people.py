"""Two people to sign in as. Their passwords are random and kept in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User

FILE = "demo-sign-in.txt"
STAFF = "staff@touchline.example"
PLAYER = "player@touchline.example"
PASSWORD_BYTES = 12
_HEADER = (
    "# Sign-in of the demonstration, one e-mail address and password a line. Delete the accounts, then this file.\n"
)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """`password` is None where someone changed it: then only they know it."""

    email: str
    password: str | None
    is_staff: bool


def people(folder: Path) -> list[SignIn]:
    """A member of staff and a player, made where they are not there; passwords of an earlier run still hold."""
    file = folder / FILE
    noted = _read(file)
    found = [_person(STAFF, noted.get(STAFF), is_staff=True), _person(PLAYER, noted.get(PLAYER), is_staff=False)]
    kept = {person.email: person.password for person in found if person.password}
    if kept != noted:
        _write(file, kept)
    return found


@transaction.atomic
def _person(email: str, noted: str | None, *, is_staff: bool) -> SignIn:
    user = User.objects.filter(email=email).first()
    if user is None:
        noted = noted or secrets.token_urlsafe(PASSWORD_BYTES)
        create = User.objects.create_superuser if is_staff else User.objects.create_user
        user = create(email, noted, display_name="Demo staff" if is_staff else "Demo player")
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    still_holds = noted is not None and user.check_password(noted)
    return SignIn(email=email, password=noted if still_holds else None, is_staff=is_staff)


def _read(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    lines = (line.split() for line in file.read_text().splitlines() if not line.startswith("#"))
    return {words[0]: words[1] for words in lines if len(words) == 2}


def _write(file: Path, passwords: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Never readable by others, not even for the moment before a chmod; an older file may have been.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        file.chmod(0o600)
        handle.write(_HEADER + "".join(f"{email} {password}\n" for email, password in passwords.items()))
