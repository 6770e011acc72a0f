"""`manage.py help_tune RUN`: work on the search of a run that another machine's worker is tuning."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.progress import progress_bar
from mlmodels.tuning.helping import help_tune


class Command(BaseCommand):
    help = "Try hyper-parameters for a run that a worker elsewhere is tuning, until its budget is spent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=UUID, help="Id of the run, as its page's address has it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with progress_bar(shown=sys.stderr.isatty()) as report:
                finished = help_tune(options["run"], watch=report)
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Finished {finished} trials.")
