"""Reading settings from the environment, loudly: a value that can't be understood stops the start.

Every function names the variable and says what to do, because the reader is someone whose server does not come up.
"""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
env = environ.Env()

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


def flag(name: str, *, default: bool) -> bool:
    """A yes or no. Unlike the library's, it does not read a typing mistake as no."""
    value = text(name).lower()
    if not value:
        return default
    if value in YES | NO:
        return value in YES
    raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of 1, true, yes, on or 0, false, no, off.")


def text(name: str, *, default: str = "") -> str:
    return str(env.str(name, default=default)).strip() or default


def words(name: str, *, default: Sequence[str] = ()) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def number(name: str, *, default: int, at_least: int, at_most: int) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch(r"-?[0-9]+", value) or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number from {at_least} to {at_most}.")
    return int(value)


def rate(name: str, *, default: str) -> str:
    """A limit such as 60/min, in the words of REST framework."""
    value = text(name, default=default)
    if not re.fullmatch(r"[1-9]\d*/(sec|min|hour|day)", value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to a number per sec, min, hour or day, such as {default}."
        )
    return value


def choice(name: str, options: Sequence[str], *, default: str) -> str:
    value = text(name, default=default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of {', '.join(options)}.")
    return value


def secret(name: str, *, debug: bool) -> str:
    """A secret; only with DEBUG on may it be missing, because a published default is no secret."""
    if value := text(name):
        return value
    if debug:
        return f"insecure-{name.lower()}-for-development-only"
    raise ImproperlyConfigured(
        f"{name} is not set, and it has no default when DEBUG is off. Make one with "
        "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` and put it into the environment."
    )


def url(name: str, parse: Callable[..., Any], schemes: Sequence[str], *, default: str) -> Any:
    """A service's URL as `parse` (one of django-environ's) understands it, of one of the schemes we support."""
    value = text(name, default=default)
    scheme = value.partition("://")[0]
    if "://" not in value or scheme not in schemes:
        expected = ", ".join(f"{known}://" for known in schemes)
        raise ImproperlyConfigured(f"{name} is not a URL of a kind that Touchline knows: start it with {expected}.")
    try:
        return parse(value)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} can't be read as a URL ({error}): see .env.example.") from error


def folder(name: str, *, default: Path) -> Path:
    """A folder that can be written to, made if it is missing."""
    path = Path(text(name, default=str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {path}, which can't be made ({error.strerror}).") from error
    if not os.access(path, os.W_OK):
        raise ImproperlyConfigured(f"{name} is {path}, which can't be written to: change its owner or the setting.")
    return path


def default_site(hosts: Sequence[str], *, debug: bool) -> str:
    """Where this site is most likely found: under the first host that it answers to."""
    host = next((host.lstrip(".") for host in hosts if host != "*"), "localhost")
    return f"http://{host}:8000" if debug else f"https://{host}"


def code_version(base: Path) -> str:
    """The version of the running code: `CODE_VERSION` (the Dockerfile sets it), or git's commit, or `unknown`."""
    if given := text("CODE_VERSION"):
        return given
    try:
        described = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(base), "rev-parse", "--short=12", "HEAD"],  # noqa: S607 - git is where the PATH says
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return described.stdout.strip() or "unknown"
