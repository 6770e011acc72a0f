"""Model files that can't be used."""

from __future__ import annotations

from mlmodels import artifacts
from mlmodels.models import ModelVersion
from predictions import alerting
from predictions.models import Alert, Severity


def check_file(version: ModelVersion) -> None:
    """A broken file is told of when somebody asks for a prediction; here also where nobody does."""
    if trouble := artifacts.trouble(version):
        tell_of_file(version, trouble)
    else:
        alerting.resolve(Alert.Kind.ARTIFACT, _key(version))


def tell_of_file(version: ModelVersion, words: str) -> None:
    """Raise the alert of a file that can't be used, once while it is unresolved: serving meets it again and again."""
    key = _key(version)
    if Alert.objects.unresolved().filter(kind=Alert.Kind.ARTIFACT, key=key).exists():
        return
    alerting.raise_alert(
        Alert.Kind.ARTIFACT,
        key=key,
        title=f"The file of {version} can't be used",
        message=f"{words} Where there was a champion before it, that one answers meanwhile.",
        severity=Severity.CRITICAL,
        problem=version.problem,
        evidence={"version": version.version, "path": version.artifact_path, "sha256": version.artifact_sha256},
    )


def _key(version: ModelVersion) -> str:
    return f"{version.version}:{version.artifact_sha256[:16]}"
