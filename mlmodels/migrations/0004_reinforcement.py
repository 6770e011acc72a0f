"""What a fine-tuning run is told to learn harder."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mlmodels", "0003_tuning")]
    operations = [
        migrations.AddField(
            model_name='trainingrun',
            name='emphasis',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='What to learn harder (`mlmodels.emphasis`).'),
        ),
    ]
