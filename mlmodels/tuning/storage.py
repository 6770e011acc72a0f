"""Optuna's journal as rows of our own database.

Optuna can also keep studies through SQLAlchemy, in tables of its own making: outside our migrations, over a second
connection with a second URL, and not in a test's transaction. A journal needs two operations, and so works wherever
Django does. One study has one journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from optuna.storages import JournalStorage
from optuna.storages.journal import BaseJournalBackend

from mlmodels.models import TuningLogEntry, TuningStudy


class DatabaseJournal(BaseJournalBackend):
    """The entries of one study, numbered without gaps.

    The study's row counts them. Whoever appends moves that count first and so holds the row until its entries are
    committed: nobody can see a later number before an earlier one, on however many machines they write.
    """

    def __init__(self, study: TuningStudy) -> None:
        self.study_id = study.pk

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            TuningStudy.objects.filter(pk=self.study_id).update(length=F("length") + len(logs))
            end = TuningStudy.objects.values_list("length", flat=True).get(pk=self.study_id)
            TuningLogEntry.objects.bulk_create(
                TuningLogEntry(study_id=self.study_id, number=number, entry=entry)
                for number, entry in enumerate(logs, start=end - len(logs))
            )

    def read_logs(self, log_number_from: int) -> Iterable[dict[str, Any]]:
        entries = TuningLogEntry.objects.filter(study_id=self.study_id, number__gte=log_number_from)
        return list(entries.order_by("number").values_list("entry", flat=True))


def storage_of(study: TuningStudy) -> JournalStorage:
    """Where Optuna finds a study; several workers may hold one each."""
    return JournalStorage(DatabaseJournal(study))
