"""`manage.py track_runs`: tell MLflow of completed runs that it does not know yet."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mlmodels import tracking
from mlmodels.models import TrainingRun


class Command(BaseCommand):
    help = "Tell MLflow of completed runs that it does not know yet; runs it knows are left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="The newest so many are looked at.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MLFLOW_TRACKING_URI:
            raise CommandError("No MLflow server is named: set MLFLOW_TRACKING_URI.")
        if options["most"] < 1:
            raise CommandError(f"Look at one run at least, not at {options['most']}.")
        runs = TrainingRun.objects.filter(status=TrainingRun.Status.COMPLETED, model_version__isnull=False)
        for run in runs[: options["most"]]:
            before = len(run.logs)
            tracking.track(run)
            for line in run.logs[before:]:
                self.stdout.write(f"{run.pk}: {line['message']}")
