"""Bodies that nobody should send, and what they are told."""

import json

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("body", [b"{bad", b"[" * 100_000, b'{"match": NaN}', b'{"home": "\xff\xfe"}'])
def test_a_body_that_is_no_json_is_refused(api: APIClient, body: bytes) -> None:
    answer = api.post("/api/predictions/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_body_that_is_too_big_is_refused_before_it_is_read(api: APIClient, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    body = json.dumps({"home": "x" * 2**20})
    answer = api.post("/api/predictions/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    assert "1 MB at most" in answer.json()["message"]


def test_a_form_with_too_many_fields_is_refused(api: APIClient, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    body = "&".join(f"f{i}=1" for i in range(5))
    answer = api.post("/api/predictions/", body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
