"""The one shape of errors: of a whole answer, and of one entry of a batch."""

from typing import Any


def error_body(error: Any) -> dict[str, Any]:
    """`{"code", "message", "detail"?}` of a domain error; its `detail`, where it has one, is JSON for programs."""
    detail = getattr(error, "detail", None)
    return {"code": error.code, "message": str(error), **({"detail": detail} if detail else {})}
