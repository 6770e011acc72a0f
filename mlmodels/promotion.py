"""Who serves: every change of role, in one transaction with its audit row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from mlmodels import registry
from mlmodels.errors import InvalidState
from mlmodels.models import ModelVersion, Promotion
from mlmodels.models.versions import GLOBAL_SCOPE

if TYPE_CHECKING:
    from accounts.models import User

Role = ModelVersion.Role
Decision = Promotion.Decision


@transaction.atomic
def promote(
    version: ModelVersion,
    *,
    by: User | None,
    reason: str = "",
    evidence: Mapping[str, Any] | None = None,
    decision: Promotion.Decision = Decision.PROMOTE,
) -> Promotion:
    """Make a version champion; the one before is archived, ready to be rolled back to.

    Raises InvalidState where it is champion already. The artifact is loaded first, so that a broken file
    (ArtifactError) never becomes champion.
    """
    version = _locked(version)
    if version.role == Role.CHAMPION:
        raise InvalidState(f"{version} is champion already.")
    registry.serving(version)
    previous = ModelVersion.objects.for_problem(version.problem, version.scope).champions().select_for_update().first()
    if previous is not None:
        _set_role(previous, Role.ARCHIVED)
    audit = _move(
        version,
        Role.CHAMPION,
        decision,
        by=by,
        reason=reason,
        previous_champion=previous,
        evidence=dict(evidence or {}),
    )
    transaction.on_commit(lambda: registry.forget_champion(version.problem, version.scope))
    return audit


@transaction.atomic
def make_challenger(version: ModelVersion, *, by: User | None, reason: str = "") -> Promotion:
    """Let a version shadow the champion. Raises InvalidState where it is champion or challenger."""
    version = _locked(version)
    if version.role in (Role.CHAMPION, Role.CHALLENGER):
        raise InvalidState(f"{version} is {version.get_role_display().lower()} already.")
    return _move(version, Role.CHALLENGER, Decision.CHALLENGE, by=by, reason=reason)


@transaction.atomic
def archive(version: ModelVersion, *, by: User | None, reason: str = "") -> Promotion:
    """Put a version away. Raises InvalidState for the champion, which only a promotion or a roll back replaces."""
    version = _locked(version)
    if version.role == Role.CHAMPION:
        raise InvalidState(f"{version} is champion: promote another version, or roll back, instead of archiving it.")
    if version.role == Role.ARCHIVED:
        raise InvalidState(f"{version} is archived already.")
    return _move(version, Role.ARCHIVED, Decision.ARCHIVE, by=by, reason=reason)


@transaction.atomic
def reject(
    version: ModelVersion, *, by: User | None, reason: str, evidence: Mapping[str, Any] | None = None
) -> Promotion:
    """Put away a challenger that is not to replace the champion. Raises InvalidState for any other role."""
    version = challenging(version)
    return _move(version, Role.ARCHIVED, Decision.REJECT, by=by, reason=reason, evidence=dict(evidence or {}))


@transaction.atomic
def propose(version: ModelVersion, *, reason: str, evidence: Mapping[str, Any]) -> Promotion:
    """Ask staff to promote a challenger. Raises InvalidState for any other role."""
    version = challenging(version)
    return _move(version, Role.CHALLENGER, Decision.PROPOSE, by=None, reason=reason, evidence=dict(evidence))


@transaction.atomic
def keep_waiting(version: ModelVersion, *, reason: str, evidence: Mapping[str, Any]) -> Promotion:
    """Note why a challenger goes on as one. Raises InvalidState for any other role."""
    version = challenging(version)
    return _move(version, Role.CHALLENGER, Decision.KEEP_WAITING, by=None, reason=reason, evidence=dict(evidence))


def challenging(version: ModelVersion) -> ModelVersion:
    """The version as it is now, locked until the transaction ends. Raises InvalidState where it is no challenger."""
    version = _locked(version)
    if version.role != Role.CHALLENGER:
        raise InvalidState(f"{version} is {version.get_role_display().lower()}, not a challenger.")
    return version


@transaction.atomic
def roll_back(problem: str, *, by: User | None, scope: str = GLOBAL_SCOPE, reason: str = "") -> Promotion:
    """Bring back the champion that the present one replaced when it was promoted; repeated, it goes further back.

    Raises InvalidState where there is none to go back to.
    """
    current = registry.champion(problem, scope)
    if current is None:
        raise InvalidState(f"No model of {problem} is in service: there is nothing to roll back.")
    previous = champion_before(current)
    if previous is None:
        raise InvalidState(f"{current} replaced no other champion: there is nothing to roll back to.")
    return promote(previous, by=by, reason=reason or f"Roll back from {current}", decision=Decision.ROLL_BACK)


def champion_before(current: ModelVersion) -> ModelVersion | None:
    """The champion that this one replaced when it was promoted, to which a roll back goes."""
    promoted = current.promotions.filter(to_role=Role.CHAMPION, decision=Decision.PROMOTE)
    made_champion = promoted.select_related("previous_champion").first()
    return made_champion.previous_champion if made_champion else None


def _locked(version: ModelVersion) -> ModelVersion:
    return ModelVersion.objects.select_for_update().get(pk=version.pk)


def _set_role(version: ModelVersion, role: ModelVersion.Role) -> None:
    if version.role == role:
        return
    version.role = role
    version.save(update_fields=["role"])


def _move(
    version: ModelVersion, role: ModelVersion.Role, decision: Promotion.Decision, *, by: User | None, **fields: Any
) -> Promotion:
    before = version.role
    _set_role(version, role)
    return Promotion.objects.create(
        version=version, decision=decision, from_role=before, to_role=role, decided_by=by, **fields
    )
