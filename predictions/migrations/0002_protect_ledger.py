"""On PostgreSQL, refuse updates and deletes of the ledger inside the database as well."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_ledger_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON predictions_prediction
    FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
"""
BACKWARD = """
DROP TRIGGER ledger_is_append_only ON predictions_prediction;
DROP FUNCTION refuse_ledger_change();
"""


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORWARD, params=None)


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACKWARD, params=None)


class Migration(migrations.Migration):
    dependencies = [("predictions", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
