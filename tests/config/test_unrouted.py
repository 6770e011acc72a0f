"""Whatever is asked of the API under a path that it doesn't have."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
@pytest.mark.parametrize("path", ["/api/nothing", "/api/nothing/", "/api/tasks/not-a-uuid", "/api/predictions/x/"])
def test_a_path_that_leads_nowhere_is_not_found_in_the_apis_shape(api: APIClient, method: str, path: str) -> None:
    answer = getattr(api, method)(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_stranger_is_asked_to_sign_in_before_learning_which_paths_there_are(own_cache: None) -> None:
    answer = Client().get("/api/nothing/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_path_without_its_last_slash_is_served_all_the_same(api: APIClient) -> None:
    assert api.get("/api/ledger").json() == api.get("/api/ledger/").json()
    posted = api.post("/api/predictions", {"match": "first"})
    assert (posted.status_code, set(posted.json()["detail"])) == (400, {"match"})


def test_a_path_without_its_last_slash_is_no_way_round_the_csrf_check(charlie: User, own_cache: None) -> None:
    browser: Any = Client(enforce_csrf_checks=True)
    browser.force_login(charlie)
    for path in ("/api/predictions", "/api/predictions/"):
        answer = browser.post(path, {"match": 1}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_the_root_of_the_api_shows_its_documentation(client: Client) -> None:
    assert client.get("/api/").headers["Location"] == "/api/docs/"
