"""The evaluation log; and a ledger cheaper to write by fewer indexes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("predictions", "0008_backtests"), ("matches", "0002_simulated_league")]
    operations = [
        migrations.AlterField(
            model_name="prediction",
            name="problem",
            field=models.SlugField(db_index=False, help_text="Found by prediction_problem_event.", max_length=40),
        ),
        migrations.AlterField(
            model_name="prediction",
            name="match",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Found by prediction_match_latest.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predictions",
                to="matches.match",
            ),
        ),
        migrations.AlterField(model_name="prediction", name="hash", field=models.CharField(max_length=64)),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.UniqueConstraint(fields=("hash",), name="prediction_hash_is_unique"),
        ),
        migrations.AddIndex(
            model_name="prediction", index=models.Index(fields=["made_at"], name="prediction_made_at")
        ),
        migrations.CreateModel(
            name="LoggedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="UTC, on which its predictions were made.", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("current", "As the database"),
                            ("behind", "Rows to append"),
                            ("outdated", "To be written again"),
                        ],
                        default="behind",
                        max_length=10,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes.")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "through_sequence",
                    models.PositiveBigIntegerField(default=0, help_text="Place in the ledger of its last row."),
                ),
                ("written_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-day",),
                "indexes": [models.Index(fields=["through_sequence"], name="logged_day_through")],
            },
        ),
    ]
