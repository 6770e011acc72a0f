"""Files that people send: how large they may be, decided before they are read whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from config.errors import page_error
from matches.errors import FileTooLarge

GetResponse = Callable[[HttpRequest], HttpResponse]


class BoundedUploadHandler(FileUploadHandler):
    """First in line: refuses a request for its announced length, and a file as soon as it has grown too large.

    A request can't be longer than it announced: the server reads no more, and nothing of one that announces nothing.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raises FileTooLarge before a byte is read."""
        if content_length > settings.MAX_UPLOAD_BYTES:
            raise FileTooLarge(
                f"You sent {_megabytes(content_length)} at once, and {_megabytes(settings.MAX_UPLOAD_BYTES)} is the "
                "most: send fewer files at a time."
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Raises FileTooLarge at the first chunk of a file that is one too many; `start` is where it begins."""
        if start + len(raw_data) > settings.MAX_REPLAY_BYTES:
            name = str(self.file_name)[:100]
            raise FileTooLarge(
                f"{name} has more than the {_megabytes(settings.MAX_REPLAY_BYTES)} that a file may have."
            )
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the making of the file to the handlers behind."""


class UploadLimitMiddleware:
    """Read a form with files here, so that its refusal is a page with words; CSRF's check would meet it first else.

    The API reads what it is sent itself, and words refusals itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.content_type != "multipart/form-data" or getattr(view, "csrf_exempt", False):
            return None
        try:
            request.POST  # noqa: B018 - parsed when first looked at
        except FileTooLarge as error:
            return page_error(request, status=error.status, code=error.code, message=str(error))
        return None


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.0f} MB"
