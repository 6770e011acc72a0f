"""Changing rows behind the ledger's back, as someone with the database's password would."""

from typing import Any

from django.db import connection


def tamper(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE predictions_prediction DISABLE TRIGGER ledger_is_append_only")
        cursor.execute(statement, values)
