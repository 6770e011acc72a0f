"""Model files: written whole, signed, and verified before a byte of them is interpreted.

Layout of a file (format version 1): a line `touchline-artifact`, a line of JSON (the header: format version, payload
format, metadata, sha256 and length of the payload, HMAC-SHA256 signature over header and payload), then the payload.
A `weights` payload is JSON and needs no code to be trusted; a `joblib` payload runs code when unpickled, so it is only
unpickled after its signature proved that an installation with our key wrote it.

Format log: 1, first version.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from django.conf import settings

from mlmodels.errors import ArtifactError
from mlmodels.estimators.weights import rebuild
from mlmodels.models import ModelVersion

MAGIC = b"touchline-artifact\n"
FORMAT_VERSION = 1
MAX_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where a written artifact is: path relative to ARTIFACT_DIR, hex sha256 of the file, size in bytes."""

    path: str
    sha256: str
    size: int
    format: ModelVersion.Format


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What an artifact holds: a fitted estimator and the state that featurises subjects for it."""

    estimator: Any
    state: Mapping[str, Any]


def write(name: str, estimator: Any, *, state: Mapping[str, Any], metadata: Mapping[str, Any]) -> Stored:
    """Write an estimator and its serving state as `{name}-{digest}.model`."""
    payload_format, payload = _encode(estimator, state)
    header = {
        "format_version": FORMAT_VERSION,
        "payload": payload_format.value,
        "metadata": dict(metadata),
        "sha256": hashlib.sha256(payload).hexdigest(),
        "length": len(payload),
    }
    header["signature"] = _sign(header, payload, settings.ARTIFACT_SIGNING_KEYS[0])
    content = MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n" + payload
    return Stored(
        path=keep(f"{name}.model", content),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        format=payload_format,
    )


def keep(name: str, content: bytes) -> str:
    """Store a whole artifact file: aside, fsynced, renamed. Returns its path relative to ARTIFACT_DIR.

    The content's digest is part of the path, so that no file is ever written over another version's: not where two
    trainings end in one second, nor where a version is imported under a name that is taken.
    """
    named = Path(name)
    digest = hashlib.sha256(content).hexdigest()[:12]
    path = Path(settings.ARTIFACT_DIR) / f"{named.stem}-{digest}{named.suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path.name


def load(version: ModelVersion) -> Loaded:
    """Read a version's artifact. Raises ArtifactError where the file is missing, truncated, tampered or foreign."""
    return _decode(*_verified(version))


def trouble(version: ModelVersion) -> str:
    """Why a version's file can't be used, in words; empty where it is the one that was registered and signed."""
    try:
        _verified(version)
    except ArtifactError as error:
        return str(error)
    return ""


def _verified(version: ModelVersion) -> tuple[dict[str, Any], bytes]:
    path = Path(settings.ARTIFACT_DIR) / version.artifact_path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"The file of {version} can't be read ({path.name}: {error.strerror}).") from error
    if hashlib.sha256(content).hexdigest() != version.artifact_sha256:
        raise ArtifactError(
            f"The file of {version} ({path.name}) is not the one that was registered: "
            "its sha256 differs. Restore it from a backup or train again."
        )
    return open_envelope(content, name=path.name)


def open_envelope(content: bytes, *, name: str) -> tuple[dict[str, Any], bytes]:
    """The verified header and payload of an artifact file. Raises ArtifactError."""
    if not content.startswith(MAGIC):
        raise ArtifactError(f"{name} is not a Touchline model file.")
    line, separator, payload = content[len(MAGIC) :].partition(b"\n")
    if not separator or len(line) > MAX_HEADER_BYTES:
        raise ArtifactError(f"{name} is truncated: it has no header.")
    try:
        header: dict[str, Any] = json.loads(line)
        signature = str(header.pop("signature"))
        known_format = header["format_version"] == FORMAT_VERSION
        length = int(header["length"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{name} has a header that can't be read.") from error
    if not known_format:
        raise ArtifactError(f"{name} has format version {header['format_version']}; this is {FORMAT_VERSION}.")
    if len(payload) != length:
        raise ArtifactError(f"{name} is truncated: {len(payload)} bytes of {length}.")
    if not any(hmac.compare_digest(signature, _sign(header, payload, key)) for key in settings.ARTIFACT_SIGNING_KEYS):
        raise ArtifactError(f"The signature of {name} is wrong: it was changed, or signed with a key not known here.")
    return header, payload


def seal(content: bytes) -> str:
    """A signature of bytes that travel beside an artifact."""
    return _sign({}, content, settings.ARTIFACT_SIGNING_KEYS[0])


def is_sealed(content: bytes, seal: str) -> bool:
    """Whether the signature is of these bytes, by a key known here."""
    return any(hmac.compare_digest(seal, _sign({}, content, key)) for key in settings.ARTIFACT_SIGNING_KEYS)


def _encode(estimator: Any, state: Mapping[str, Any]) -> tuple[ModelVersion.Format, bytes]:
    if hasattr(getattr(estimator, "estimator", estimator), "to_weights"):
        document = {"estimator": estimator.to_weights(), "state": state}
        return ModelVersion.Format.WEIGHTS, json.dumps(document, allow_nan=False).encode()
    import joblib

    buffer = io.BytesIO()
    joblib.dump({"estimator": estimator, "state": dict(state)}, buffer, compress=3)
    return ModelVersion.Format.JOBLIB, buffer.getvalue()


def _decode(header: Mapping[str, Any], payload: bytes) -> Loaded:
    if header["payload"] == ModelVersion.Format.WEIGHTS:
        document = json.loads(payload)
        try:
            return Loaded(estimator=rebuild(document["estimator"]), state=document["state"])
        except (ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"The weights in the file can't be read: {error}") from error
    import joblib

    try:
        document = joblib.load(io.BytesIO(payload))
        return Loaded(estimator=document["estimator"], state=document["state"])
    except (ImportError, AttributeError, KeyError, TypeError, ValueError, EOFError, UnpicklingError) as error:
        # The signature is right, so it was whole when written: the libraries have moved on since.
        raise ArtifactError(f"This file does not fit the installed libraries ({error}): train it again.") from error


def _sign(header: Mapping[str, Any], payload: bytes, key: str) -> str:
    message = json.dumps(header, sort_keys=True).encode() + b"\n" + payload
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
