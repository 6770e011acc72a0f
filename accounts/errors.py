"""What can go wrong with who is who and who coaches whom, in words for a person."""

from __future__ import annotations


class AccountError(Exception):
    """The root: `code` for programs, the message for people, `status` for HTTP."""

    code = "account_error"
    status = 400


class InvalidPlatformAccount(AccountError):
    """An id that nobody can have on that platform, or one account too many."""

    code = "invalid_platform_account"
    status = 422


class PlatformAccountTaken(AccountError):
    """Somebody else proved that an account is theirs."""

    code = "platform_account_taken"
    status = 409


class InvalidCoachGrant(AccountError):
    """An offer that can't be made."""

    code = "invalid_coach_grant"
    status = 422


class NoSuchThing(AccountError):
    """It is not there, or not for the person who asks: they are told the same."""

    code = "not_found"
    status = 404
