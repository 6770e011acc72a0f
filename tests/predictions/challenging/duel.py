"""A champion and a challenger of the coin toss, and the tosses that both forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import time_machine

from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions import ledger, settling
from predictions.models import Prediction
from tests.mlmodels.coin_toss import CoinToss

BEGAN = datetime(2024, 3, 1, 9, tzinfo=UTC)
APART = timedelta(hours=2)


def trained() -> ModelVersion:
    run, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, force=True)
    runs.execute(str(run.pk), worker="test")
    return ModelVersion.objects.get(run=run)


@dataclass
class Duel:
    """Tosses are two hours apart from `BEGAN` on; each is forecast an hour before it falls."""

    coin_toss: CoinToss
    champion: ModelVersion
    challenger: ModelVersion
    held: int = 0
    said: list[Prediction] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Just after the last toss."""
        return BEGAN + (self.held + 1) * APART

    def hold(self, champion: Sequence[float], challenger: Sequence[float], outcomes: Sequence[str]) -> None:
        """Tosses one after the other: what each thinks of heads, and how it fell; settled."""
        drafts = []
        for heads, other_heads, outcome in zip(champion, challenger, outcomes, strict=True):
            number, self.held = self.held, self.held + 1
            at = BEGAN + self.held * APART
            self.coin_toss.outcomes[number] = outcome
            drafts += [
                draft(self.champion, number, at, heads),
                draft(self.challenger, number, at, other_heads, is_shadow=True),
            ]
        self.said += ledger.append(drafts)
        settling.settle_due(now=self.now)

    def hold_many(self, n: int, *, better: bool, seed: int = 0) -> None:
        """n tosses whose coin one of the two knows, while the other takes all for fair."""
        rng = np.random.default_rng(seed)
        truth = rng.choice([0.15, 0.85], n)
        outcomes = ["heads" if rng.random() < p else "tails" for p in truth]
        fair = [0.5] * n
        known = [float(p) for p in truth]
        self.hold(*((fair, known) if better else (known, fair)), outcomes)


def draft(version: ModelVersion, number: int, at: datetime, heads: float, **fields: object) -> ledger.Draft:
    content: dict[str, object] = {
        "version": version,
        "match_id": None,
        "subject": {"number": number},
        "made_at": at - timedelta(hours=1),
        "event_at": at,
        "probabilities": {"heads": heads, "tails": 1 - heads},
        "distribution": {"bias": heads},
        "confidence": max(heads, 1 - heads),
        "features": {"bias": heads, "number": number},
        "latency_ms": 1.0,
    }
    return ledger.Draft(**{**content, **fields})  # type: ignore[arg-type]  # a test's shorthand


def duel(coin_toss: CoinToss) -> Duel:
    champion, challenger = trained(), trained()
    with time_machine.travel(BEGAN, tick=False):
        promotion.promote(champion, by=None)
        promotion.make_challenger(challenger, by=None)
    champion.refresh_from_db()
    challenger.refresh_from_db()
    return Duel(coin_toss, champion, challenger)
