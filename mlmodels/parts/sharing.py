"""The fit of a run, shared: the worker that holds the run makes the parts, works on them, and puts them together.

An estimator that can be fitted so has `parts(X, y)`, lists of subjects; `fit_part(X, y, subjects, alive=…)`, JSON;
`fit_shared(X, y)`, what is left; and `assemble(X, y, results, lost=…)`. Messages may get lost and workers may die: the
rows are the truth, and at the worst the worker that holds the run fits every part itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from mlmodels import leases
from mlmodels.errors import TooLittleData
from mlmodels.models import FitPart, TrainingRun
from mlmodels.parts import results
from mlmodels.parts.working import Rows, take

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.leases import Hold
    from mlmodels.models import Dataset

LOOK_EVERY_SECONDS = 0.5
MOST_HINTS = 32
METHODS = ("parts", "fit_part", "fit_shared", "assemble")


def shared(
    make: Callable[[], Any], *, run: TrainingRun, dataset: Dataset, hold: Hold, found: Mapping[str, Any]
) -> Callable[[], Any]:
    """How estimators of a run are made, so that those that can be fitted in parts are fitted by all workers.

    found: hyper-parameters that tuning found, beside the run's own. The rows that are given to `fit` are the first ones
    of the data set, as the algorithm reads them.
    """
    if not all(hasattr(make(), method) for method in METHODS):
        return make
    return lambda: InParts(make(), run=run, dataset=dataset, hold=hold, found=found)


class InParts:
    """An unfitted estimator whose `fit` gives back the estimator itself, fitted by whoever had time."""

    def __init__(
        self, estimator: Any, *, run: TrainingRun, dataset: Dataset, hold: Hold, found: Mapping[str, Any]
    ) -> None:
        self._estimator = estimator
        self._run = run
        self._dataset = dataset
        self._hold = hold
        self._found = dict(found)

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Any:
        """Raises what the estimator raises of the whole, RunCancelled, LeaseLost."""
        rows = Rows(estimator=self._estimator, X=X, y=y)
        keys = self._ask_for(self._estimator.parts(X, y), len(X))
        try:
            _hint(self._run, len(keys))
            self._hold.progress(0.0, f"{len(keys)} parts to fit")
            self._estimator.fit_shared(X, y)
            self._work(keys, rows)
            done = list(self._parts(keys))
            made = [results.read(part) for part in done if part.status == FitPart.Status.COMPLETED]
            lost = {name: words for part in done for name, words in _lost(part).items()}
            self._say(done, lost)
            return self._estimator.assemble(X, y, made, lost=lost)
        finally:
            _remove(FitPart.objects.filter(run=self._run, run__attempt=self._run.attempt, key__in=keys))

    def _ask_for(self, lists: Sequence[Sequence[str]], rows: int) -> list[str]:
        """Make the rows of the parts; those that a worker before us finished are taken as they are."""
        keys = [self._key(subjects, rows) for subjects in lists]
        with transaction.atomic():
            for number, (key, subjects) in enumerate(zip(keys, lists, strict=True)):
                FitPart.objects.get_or_create(
                    run=self._run,
                    key=key,
                    defaults={
                        "dataset": self._dataset,
                        "rows": rows,
                        "number": number,
                        "subjects": list(subjects),
                        "hyper_parameters": self._found,
                    },
                )
        return keys

    def _key(self, subjects: Sequence[str], rows: int) -> str:
        asked = [self._dataset.content_hash, rows, self._found, list(subjects), settings.CODE_VERSION]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def _parts(self, keys: Sequence[str]) -> QuerySet[FitPart]:
        return FitPart.objects.filter(run=self._run, key__in=keys).order_by("number")

    def _work(self, keys: Sequence[str], rows: Rows) -> None:
        """Fit what waits, and wait for what others fit, until nothing is left; take over from whoever died."""
        worker = f"{socket.gethostname()}:{os.getpid()}"
        while True:
            left = list(self._parts(keys).filter(status__in=FitPart.IN_FLIGHT))
            self._tell(len(keys), len(left))
            if not left:
                return
            waiting = [part for part in left if part.status == FitPart.Status.QUEUED]
            if not any(take(part, rows, worker=worker, watch=self._watch(len(keys), len(left))) for part in waiting):
                time.sleep(LOOK_EVERY_SECONDS)
                leases.reap(FitPart, lambda part: _hint(part.run, 1))

    def _watch(self, parts: int, left: int) -> Callable[[float, str], None]:
        return lambda fraction, phrase: self._tell(parts, left)

    def _tell(self, parts: int, left: int) -> None:
        """Raises RunCancelled, LeaseLost."""
        self._hold.check()
        self._hold.progress((parts - left) / max(parts, 1), f"{parts - left} of {parts} parts fitted")

    def _say(self, done: Sequence[FitPart], lost: Mapping[str, str]) -> None:
        """Raises TooLittleData where there were subjects, and not one could be fitted."""
        subjects = sum(len(part.subjects) for part in done)
        failures = {**lost, **{name: words for part in done for name, words in part.report.get("failures", {}).items()}}
        if subjects and len(failures) == subjects:
            name, words = next(iter(failures.items()))
            raise TooLittleData(f"None of {subjects} subjects could be fitted; of {name}: {words}")
        workers, again = len({part.worker for part in done}), sum(part.attempt > 1 for part in done)
        self._hold.say(
            f"{subjects - len(failures)} of {subjects} subjects fitted, in {len(done)} parts by {workers} "
            f"worker{'' if workers == 1 else 's'}" + (f"; {again} taken over from workers that died" if again else ""),
            "warning" if failures else "info",
        )


def clear() -> int:
    """Remove the parts of runs that have ended, which only a worker that died leaves behind; how many."""
    return _remove(FitPart.objects.left_behind())


def reap() -> int:
    """Queue again the parts whose worker died, and remove those of runs that have ended; how many."""
    return len(leases.reap(FitPart, lambda part: _hint(part.run, 1))) + clear()


def _lost(part: FitPart) -> dict[str, str]:
    """Why the subjects of a part are not there, where the whole part came to nothing."""
    if part.status == FitPart.Status.COMPLETED:
        return {}
    return dict.fromkeys(part.subjects, part.error_message or part.get_status_display())


def _remove(parts: QuerySet[FitPart]) -> int:
    gone = dict(parts.values_list("pk", "result_path"))
    FitPart.objects.filter(pk__in=gone).delete()
    results.remove(gone.values())
    return len(gone)


def _hint(run: TrainingRun, parts: int) -> None:
    """Tell workers that there is something to do. A broker that does not answer is logged: we work on."""
    from mlmodels.tasks import fit_part

    def tell() -> None:
        for _ in range(min(parts, MOST_HINTS)):
            fit_part.delay(str(run.pk))

    transaction.on_commit(tell, robust=True)
