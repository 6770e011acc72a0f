"""What a fine-tuning run is told to learn harder."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mlmodels", "0003_tuning")]
    operations = []
