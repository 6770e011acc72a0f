"""The shapes of `/api/tuning/`."""

from __future__ import annotations

from rest_framework import serializers

from mlmodels.models import TuningStudy, TuningTrial


class TrialSerializer(serializers.ModelSerializer[TuningTrial]):
    """One set of hyper-parameters that was tried."""

    state = serializers.ChoiceField(choices=TuningTrial.State.choices)
    parameters = serializers.DictField()

    class Meta:
        model = TuningTrial
        fields = ("number", "state", "value", "parameters", "blocks", "seconds", "note")


class StudySerializer(serializers.ModelSerializer[TuningStudy]):
    """A search for hyper-parameters."""

    space = serializers.ListField(child=serializers.DictField(), help_text="What may be varied.")
    fixed = serializers.DictField(help_text="Hyper-parameters that were given.")
    feature_selection = serializers.DictField()
    split = serializers.DictField(help_text="First days of validation and test rows; the latter are not looked at.")
    best_parameters = serializers.DictField()
    importances = serializers.DictField(help_text="Share of each hyper-parameter in how good trials were (PED-ANOVA).")
    finished = serializers.IntegerField(help_text="Trials that were completed or broken off.")
    pruned = serializers.IntegerField(help_text="Trials that were broken off for being bad.")

    class Meta:
        model = TuningStudy
        fields: tuple[str, ...] = (
            "id",
            "problem",
            "algorithm",
            "metric",
            "lower_is_better",
            "space",
            "fixed",
            "feature_selection",
            "split",
            "seed",
            "code_version",
            "finished",
            "pruned",
            "best_value",
            "best_parameters",
            "importances",
            "created_at",
        )


class StudyDetailSerializer(StudySerializer):
    """A search with all its trials."""

    trials = TrialSerializer(many=True)

    class Meta(StudySerializer.Meta):
        fields = (*StudySerializer.Meta.fields, "trials")
