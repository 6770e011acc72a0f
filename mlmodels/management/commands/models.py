"""`manage.py models`: what the registry holds."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels import artifacts
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem


class Command(BaseCommand):
    help = "List the versions in the registry, or show one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=["list", "info"], default="list")
        parser.add_argument("version", nargs="?", help="For info.")
        parser.add_argument("--problem")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "info":
            self._info(options["version"], as_json=options["json"])
            return
        try:
            self._list(options["problem"], as_json=options["json"])
        except ModelError as error:
            raise CommandError(str(error)) from error

    def _list(self, problem: str | None, *, as_json: bool) -> None:
        versions = ModelVersion.objects.all()
        if problem:
            versions = versions.for_problem(get_problem(problem).slug)
        if as_json:
            self.stdout.write(json.dumps([describe(version) for version in versions]))
            return
        if not versions:
            self.stdout.write("No model has been trained yet: run `manage.py train`.")
        for version in versions:
            primary = get_problem(version.problem).primary_metric
            figure = version.metrics.get("test", {}).get(primary.name)
            shown = f"{primary.title} {figure:.4f}" if figure is not None else ""
            self.stdout.write(f"{version.version:48}{version.get_role_display():14}{version.problem:20}{shown}")

    def _info(self, name: str | None, *, as_json: bool) -> None:
        if name is None:
            raise CommandError("Which version? `manage.py models` lists them.")
        version = ModelVersion.objects.filter(version=name).first()
        if version is None:
            raise CommandError(f"There is no version {name!r}: `manage.py models` lists them.")
        description = describe(version) | {"trouble": artifacts.trouble(version)}
        self.stdout.write(json.dumps(description, indent=None if as_json else 2))


def describe(version: ModelVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "problem": version.problem,
        "scope": version.scope,
        "algorithm": version.algorithm,
        "role": version.role,
        "metrics": version.metrics,
        "hyper_parameters": version.hyper_parameters,
        "leagues": version.training_leagues,
        "seasons": version.training_seasons,
        "matches": version.training_matches,
        "trained_at": version.training_completed_at.isoformat(),
        "artifact": {"path": version.artifact_path, "sha256": version.artifact_sha256, "bytes": version.artifact_size},
    }
