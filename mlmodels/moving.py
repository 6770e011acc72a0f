"""Moving a version between installations as one file.

The file is a ZIP of the version's row (`version.json`), the row's `signature`, and the artifact (`model`), which
carries its own.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from mlmodels import artifacts, registry
from mlmodels.errors import ArtifactError, InvalidState
from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem

MAX_BYTES = 512 * 1024 * 1024
_FIELDS = (
    "problem",
    "scope",
    "algorithm",
    "version",
    "metrics",
    "hyper_parameters",
    "model_weights",
    "feature_columns",
    "feature_schema_hash",
    "training_matches",
    "training_leagues",
    "training_seasons",
    "artifact_format",
    "artifact_sha256",
    "notes",
)
_LATER: Mapping[str, Any] = {"tuning": {}, "feature_selection": {}, "chosen_features": []}
"""Fields that came later, with what stands for them in files that were exported before."""
_TIMES = ("training_started_at", "training_completed_at")


def export_version(version: ModelVersion, path: Path) -> None:
    """Write a version to a file. Raises ArtifactError where its artifact is unusable."""
    artifacts.load(version)
    row = {name: getattr(version, name) for name in (*_FIELDS, *_LATER)}
    row |= {name: getattr(version, name).isoformat() for name in _TIMES}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        described = json.dumps(row, indent=2).encode()
        archive.writestr("version.json", described)
        archive.writestr("signature", artifacts.seal(described))
        archive.write(Path(settings.ARTIFACT_DIR) / version.artifact_path, "model")


def import_version(path: Path) -> ModelVersion:
    """Register a version from a file, as experimental.

    Row and artifact must be signed with a key known here (ARTIFACT_SIGNING_KEYS). Raises ArtifactError for a file that
    is not such an export or does not verify, UnknownProblem, UnknownAlgorithm, InvalidName, InvalidState where the name
    is taken.
    """
    row, content = _read(path)
    artifacts.open_envelope(content, name=path.name)
    if hashlib.sha256(content).hexdigest() != row["artifact_sha256"]:
        raise ArtifactError(f"The model in {path.name} is not the one that its version.json describes.")
    get_problem(row["problem"]).algorithm(row["algorithm"])
    registry.check_name(row["version"])
    try:
        with transaction.atomic():
            version = ModelVersion.objects.create(
                **{name: row[name] for name in _FIELDS},
                **{name: row.get(name, empty) for name, empty in _LATER.items()},
                **{name: parse_datetime(row[name]) for name in _TIMES},
                artifact_path=artifacts.keep(f"{row['version']}.model", content),
                artifact_size=len(content),
            )
            artifacts.load(version)
    except IntegrityError as error:
        raise InvalidState(f"There is a version called {row['version']} already.") from error
    return version


def _read(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise ArtifactError(f"{path.name} unpacks to more than {MAX_BYTES // 1024**2} MB: refused.")
            described, content = archive.read("version.json"), archive.read("model")
            signature = archive.read("signature").decode() if "signature" in archive.namelist() else ""
            row = dict(json.loads(described))
    except OSError as error:
        raise ArtifactError(f"{path} can't be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise ArtifactError(f"{path.name} is not an exported model, or was damaged on its way: {error}.") from error
    if missing := [name for name in (*_FIELDS, *_TIMES) if name not in row]:
        raise ArtifactError(f"{path.name} is not an exported model: version.json lacks {', '.join(missing)}.")
    if not artifacts.is_sealed(described, signature):
        raise ArtifactError(
            f"The signature of version.json in {path.name} is wrong: "
            "it was changed, or signed with a key not known here."
        )
    return row, content
