from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.db.models import Model


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from accounts.models import PlatformAccount
        from matches.models import ReplayOwner, StatedRank
        from matches.signals import replay_processed
        from mlmodels.models import Promotion
        from training import receivers
        from training.models import Drill, PackFeedback, TrainingPack, TrainingSession

        replay_processed.connect(receivers.forget_owners_answers, dispatch_uid="training.forget_owners_answers")
        replay_processed.connect(receivers.advise_owners, dispatch_uid="training.advise_owners")
        heard: list[tuple[Callable[..., None], tuple[type[Model], ...]]] = [
            (receivers.forget_persons_matches, (PlatformAccount, ReplayOwner, StatedRank)),
            (receivers.forget_persons_practice, (PackFeedback, TrainingSession)),
            (receivers.forget_all_answers, (Promotion, TrainingPack, Drill)),
        ]
        for receiver, senders in heard:
            for sender in senders:
                for signal in (post_save, post_delete):
                    signal.connect(receiver, sender=sender, dispatch_uid=f"training.{receiver.__name__}")
