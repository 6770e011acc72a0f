"""The deployment's files agree with the settings and with each other."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.base import CLIContext
from celery.bin.celery import celery as celery_command
from django.core.management import get_commands
from django_celery_beat.models import PeriodicTask

from config.celery import app
from config.environment import __file__ as readers_file
from tests.config.settings_table import PAGE, with_table

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "touchline"}
READERS = {node.name for node in ast.parse(Path(readers_file).read_text()).body if isinstance(node, ast.FunctionDef)}
# Read by the numerical libraries and by compose itself.
OUTSIDE_SETTINGS = {"POSTGRES_PASSWORD", "WEB_PORT", "OMP_NUM_THREADS"}


def names_read() -> set[str]:
    """Every environment variable that code in `config/` asks for."""
    return {
        call.args[0].value
        for path in (ROOT / "config").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in READERS
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def names_documented() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert names_documented() == names_read() | OUTSIDE_SETTINGS


def test_the_example_gives_away_no_secret() -> None:
    example = (ROOT / ".env.example").read_text()
    for name in ("SECRET_KEY", "ARTIFACT_SIGNING_KEYS", "POSTGRES_PASSWORD"):
        assert re.search(rf"^{name}=$", example, re.MULTILINE)


@pytest.mark.parametrize("service", OURS)
def test_compose_gives_services_only_what_settings_know(service: str) -> None:
    given = set(OURS[service]["environment"])
    assert given <= names_read() | OUTSIDE_SETTINGS
    assert {"SECRET_KEY", "ARTIFACT_SIGNING_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL"} <= given


def test_compose_asks_for_nothing_that_the_example_leaves_out() -> None:
    asked = re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())
    assert set(asked) <= names_documented()


@pytest.mark.parametrize("service", OURS)
def test_every_service_has_a_command_that_exists(service: str) -> None:
    program, *arguments = OURS[service]["command"]
    if program == "python":
        assert arguments[0] == "manage.py"
        assert arguments[1] in get_commands()
    elif program == "celery":
        assert arguments[:2] == ["-A", "config"]
        asked = celery_command.commands[arguments[2]]
        asked.make_context(arguments[2], arguments[3:], obj=CLIContext(app=app, no_color=True, workdir=None))
    else:
        assert program == "gunicorn"


def test_gunicorn_starts_with_its_settings() -> None:
    arguments = OURS["web"]["command"][1:]
    checked = subprocess.run(  # noqa: S603 - the command of our own file
        [sys.executable, "-m", "gunicorn", "--check-config", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_workers_serve_every_queue_that_tasks_are_sent_to() -> None:
    served = {
        queue
        for service in OURS.values()
        if "--queues" in service["command"]
        for queue in service["command"][service["command"].index("--queues") + 1].split(",")
    }
    routed = {route["queue"] for route in app.conf.task_routes.values()}
    assert served == routed | {app.conf.task_default_queue}


def test_services_wait_for_the_migrations() -> None:
    for name in OURS.keys() - {"migrate"}:
        assert OURS[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_is_made_of_every_app_that_is_type_checked() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert set(packages) | {"manage.py", "templates", "static", "requirements/base.txt"} == kept
    for name in kept:
        assert (ROOT / name).exists()


def test_the_runbook_explains_every_setting_as_the_example_does() -> None:
    page = PAGE.read_text()
    assert with_table(page) == page, "run `python -m tests.config.settings_table`"
    assert all(f"`{name}`" in page for name in names_documented())


@pytest.mark.django_db
def test_the_runbook_names_every_schedule() -> None:
    page = PAGE.read_text()
    for name in PeriodicTask.objects.exclude(task__startswith="celery.").values_list("name", flat=True):
        assert f"| {name} |" in page
