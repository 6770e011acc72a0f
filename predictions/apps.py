from django.apps import AppConfig


class PredictionsConfig(AppConfig):
    name = "predictions"

    def ready(self) -> None:
        from matches.signals import results_changed
        from predictions.receivers import settle_changed_results

        results_changed.connect(settle_changed_results, dispatch_uid="predictions.settle_changed_results")
