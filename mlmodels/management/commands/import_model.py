"""`manage.py import_model`: take in a version that another installation exported."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.moving import import_version


class Command(BaseCommand):
    help = "Register an exported version, as experimental; its signature must be by a key known here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = import_version(Path(options["file"]))
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Registered {version} as experimental.")
