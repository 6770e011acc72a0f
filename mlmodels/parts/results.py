"""What a worker made of a part: JSON in a file beside the models, sealed, so that none is read that we didn't write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from mlmodels import artifacts
from mlmodels.errors import ArtifactError
from mlmodels.models import FitPart


def write(part: FitPart, result: Mapping[str, Any]) -> dict[str, str]:
    """Keep a result; returns the columns of the row that find it again.

    The file says which part and attempt it is of, so that none can stand for another.
    """
    document = {"part": str(part.pk), "attempt": part.attempt, "result": result}
    content = json.dumps(document, allow_nan=False).encode()
    return {
        "result_path": artifacts.keep(f"{part.pk}.part", content),
        "result_seal": artifacts.seal(content),
    }


def read(part: FitPart) -> Mapping[str, Any]:
    """A completed part's result. Raises ArtifactError where the file is missing, changed, or another part's."""
    try:
        content = (Path(settings.ARTIFACT_DIR) / part.result_path).read_bytes()
    except OSError as error:
        raise ArtifactError(f"The result of {part} can't be read: {error.strerror}.") from error
    if not artifacts.is_sealed(content, part.result_seal):
        raise ArtifactError(f"The result of {part} was changed, or sealed with a key not known here.")
    document = json.loads(content)
    if (document["part"], document["attempt"]) != (str(part.pk), part.attempt):
        raise ArtifactError(f"The result of {part} is another part's.")
    result: Mapping[str, Any] = document["result"]
    return result


def remove(paths: Iterable[str]) -> None:
    """Delete files of results; empty paths are none."""
    for path in paths:
        if path:
            (Path(settings.ARTIFACT_DIR) / path).unlink(missing_ok=True)
