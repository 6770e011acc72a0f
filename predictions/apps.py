from django.apps import AppConfig


class PredictionsConfig(AppConfig):
    name = "predictions"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from matches.signals import results_changed
        from mlmodels.models import ModelVersion
        from mlmodels.signals import artifact_unusable, retraining_scheduled
        from predictions import receivers

        results_changed.connect(receivers.settle_changed_results, dispatch_uid="predictions.settle_changed_results")
        artifact_unusable.connect(receivers.tell_of_unusable_file, dispatch_uid="predictions.tell_of_unusable_file")
        retraining_scheduled.connect(
            receivers.keep_to_retraining_policy, dispatch_uid="predictions.keep_to_retraining_policy"
        )
        post_save.connect(
            receivers.take_up_retrained, sender=ModelVersion, dispatch_uid="predictions.take_up_retrained"
        )
