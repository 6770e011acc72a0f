"""On PostgreSQL, refuse to empty the ledger inside the database as well.

`SET touchline.ledger_may_be_emptied = 'on'` in a session lifts it there: what empties whole databases, such as tests
that commit, says so.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_ledger_truncation() RETURNS trigger AS $$
BEGIN
    IF coalesce(current_setting('touchline.ledger_may_be_emptied', true), '') <> 'on' THEN
        RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON predictions_prediction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_truncation();
CREATE TRIGGER ledger_head_is_not_emptied BEFORE TRUNCATE ON predictions_ledgerhead
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_truncation();
"""
BACKWARD = """
DROP TRIGGER ledger_head_is_not_emptied ON predictions_ledgerhead;
DROP TRIGGER ledger_is_not_emptied ON predictions_prediction;
DROP FUNCTION refuse_ledger_truncation();
"""


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORWARD, params=None)


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACKWARD, params=None)


class Migration(migrations.Migration):
    dependencies = [("predictions", "0011_seed_watching")]
    operations = [migrations.RunPython(protect, unprotect)]
