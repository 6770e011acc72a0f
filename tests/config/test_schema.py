"""What the OpenAPI schema owes its readers, of every endpoint."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

Operation = dict[str, Any]


def operations() -> Iterator[tuple[str, Operation]]:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


ALL = dict(operations())
PATHS = {
    "GET /api/model/status",
    "POST /api/model/train",
    "GET /api/model/versions",
    "GET /api/model/training-history",
    "GET /api/model/leagues",
    "GET /api/tasks/{task_id}",
}


def test_the_paths_that_clients_expect_are_there_as_written() -> None:
    assert set(ALL) >= PATHS
    assert not [name for name in ALL if "unrouted" in name or name.rstrip("/").endswith("{rest}")]


@pytest.mark.parametrize("name", sorted(ALL))
def test_an_endpoint_says_what_it_does_and_shows_it(name: str) -> None:
    operation = ALL[name]
    assert operation.get("summary")
    assert operation.get("description")
    bodies = dict(operation["responses"])
    if "requestBody" in operation:
        bodies["request"] = operation["requestBody"]
    # JSON, or what a download is: a request is shown in one of the forms it may take.
    shown = {
        which: any(form.get("examples") for form in body["content"].values())
        for which, body in bodies.items()
        if which != "204"  # says nothing
    }
    assert [which for which, is_shown in shown.items() if not is_shown] == []


@pytest.mark.parametrize("name", sorted(ALL))
def test_an_endpoint_says_how_it_refuses(name: str) -> None:
    answers = set(ALL[name]["responses"])
    assert {"401", "429"} <= answers
    assert "404" in answers or "{" not in name
    takes_input = "requestBody" in ALL[name] or any(p["in"] == "query" for p in ALL[name].get("parameters", []))
    only_problem = {p["name"] for p in ALL[name].get("parameters", [])} == {"problem"} and name.startswith("GET")
    assert "400" in answers or not takes_input or only_problem
