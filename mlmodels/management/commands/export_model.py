"""`manage.py export_model`: a version as one file for another installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.moving import export_version


class Command(BaseCommand):
    help = "Write a version and its artifact to one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version")
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        version = ModelVersion.objects.filter(version=options["version"]).first()
        if version is None:
            raise CommandError(f"There is no version {options['version']!r}: `manage.py models` lists them.")
        try:
            export_version(version, Path(options["file"]))
        except ModelError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']} can't be written: {error.strerror or error}.") from error
        self.stdout.write(f"Wrote {version} to {options['file']}.")
