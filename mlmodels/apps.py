from django.apps import AppConfig


class MLModelsConfig(AppConfig):
    name = "mlmodels"
    verbose_name = "Models"

    def ready(self) -> None:
        from mlmodels.problem import discover

        discover()
