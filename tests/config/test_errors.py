"""One shape and the same words for every error, on pages, in fragments and in the API."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from rest_framework import exceptions

from config.errors import DomainError, api_exception_handler
from config.middleware import DomainErrorMiddleware
from mlmodels.errors import ArtifactError, TooLittleData
from predictions.errors import UnknownSubject


def handled(error: Exception) -> tuple[int, Any]:
    response = api_exception_handler(error, {})
    assert response is not None
    return response.status_code, response.data


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (TooLittleData("One match is not enough."), 422, "too_little_data"),
        (UnknownSubject("No such match."), 404, "unknown_subject"),
        (ArtifactError("The file was tampered with."), 500, "artifact_error"),
    ],
)
def test_a_domain_error_keeps_its_code_status_and_words(error: Exception, status: int, code: str) -> None:
    assert handled(error) == (status, {"code": code, "message": str(error)})


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404("secret model name"), 404, "not_found"),
        (PermissionDenied("secret reason"), 403, "permission_denied"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.Throttled(wait=3), 429, "throttled"),
        (exceptions.ParseError(), 400, "parse_error"),
    ],
)
def test_every_api_error_has_a_code_and_a_message(error: Exception, status: int, code: str) -> None:
    answered, body = handled(error)
    assert (answered, body["code"]) == (status, code)
    assert body["message"]
    assert "secret" not in body["message"]


def test_invalid_input_names_the_fields() -> None:
    status, body = handled(exceptions.ValidationError({"dateFrom": ["Not a date."]}))
    assert status == 400
    assert body["code"] == "invalid"
    assert body["detail"] == {"dateFrom": ["Not a date."]}


def test_invalid_input_of_a_list_names_the_entries() -> None:
    status, body = handled(exceptions.ValidationError({1: {"home": ["Needed."]}}))  # type: ignore[dict-item]  # as lists do
    assert (status, body["code"]) == (400, "invalid")
    assert body["message"].endswith(": 1.")


def test_an_unknown_error_is_left_to_be_a_500() -> None:
    assert api_exception_handler(RuntimeError("boom"), {}) is None


def page(error: Exception, *, htmx: bool = False) -> HttpResponse | None:
    request: HttpRequest = RequestFactory().get("/")
    request.htmx = htmx  # type: ignore[attr-defined]  # as the htmx middleware leaves it
    return DomainErrorMiddleware(lambda request: HttpResponse()).process_exception(request, error)


def test_a_page_says_the_same_words() -> None:
    response = page(TooLittleData("One match is not enough."))
    assert response is not None
    assert response.status_code == 422
    assert b"One match is not enough." in response.content
    assert b"<!doctype html>" in response.content


def test_htmx_gets_a_fragment() -> None:
    response = page(TooLittleData("One match is not enough."), htmx=True)
    assert response is not None
    assert b"One match is not enough." in response.content
    assert b"<html" not in response.content


def test_the_words_of_an_error_are_escaped() -> None:
    response = page(TooLittleData("<script>alert(1)</script>"))
    assert response is not None
    assert b"<script>alert" not in response.content


def test_other_errors_pass_the_middleware() -> None:
    assert page(RuntimeError("boom")) is None


def test_every_apps_root_error_is_known() -> None:
    assert {error.__name__ for error in DomainError} == {
        "AccountError",
        "MatchDataError",
        "ModelError",
        "PredictionError",
        "TrainingError",
    }


def test_a_form_without_its_token_is_explained(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/age/")
    assert answer.status_code == 403
    assert b"reload the page" in answer.content


def test_an_unknown_page_is_ours(client: Client, db: None) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert b"Out of play" in answer.content


def boom(*args: Any) -> None:
    raise RuntimeError("secret")


@pytest.mark.parametrize(("path", "is_json"), [("/api/ledger/", True), ("/track-record/", False)])
def test_an_unforeseen_error_tells_programs_in_json_and_people_on_a_page(
    monkeypatch: pytest.MonkeyPatch, db: None, path: str, *, is_json: bool
) -> None:
    monkeypatch.setattr("django.contrib.messages.middleware.MessageMiddleware.process_request", boom)
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == 500
    assert b"secret" not in answer.content
    assert answer.headers["Content-Type"].startswith("application/json" if is_json else "text/html")
    assert not is_json or answer.json()["code"] == "server_error"
