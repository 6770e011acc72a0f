"""Tosses of a coin that a champion predicted, and how they turned out: a life to watch, of no sport."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from mlmodels import promotion
from mlmodels.models import ModelVersion
from predictions import ledger
from predictions.models import Settlement
from predictions.settling import score
from tests.mlmodels.coin_toss import CoinToss

FIRST = datetime(2024, 1, 1, 12, tzinfo=UTC)


def promoted(version: ModelVersion, *, test_rows: int = 2000) -> ModelVersion:
    """In service, with a test figure of many rows, which a test can rely on."""
    promotion.promote(version, by=None)
    expected = {"n": test_rows, "log_loss": 0.578, "brier": 0.393, "accuracy": 0.7, "ece": 0.01}
    ModelVersion.objects.filter(pk=version.pk).update(metrics={"test": expected})
    version.refresh_from_db()
    return version


def toss(
    coin: CoinToss,
    version: ModelVersion,
    biases: Sequence[float],
    *,
    truth: Sequence[float] | None = None,
    start: datetime = FIRST,
    a_day: int = 4,
    first_number: int = 100_000,
    seed: int = 3,
    settle: bool = True,
) -> list[int]:
    """Predict tosses of these biases, `a_day` of them, and settle them as `truth` (the biases themselves) has it."""
    rng = np.random.default_rng(seed)
    came = rng.random(len(biases)) < np.asarray(truth if truth is not None else biases)
    numbers = list(range(first_number, first_number + len(biases)))
    said = ledger.append(
        [
            ledger.Draft(
                version=version,
                match_id=None,
                subject={"number": number},
                made_at=start + timedelta(days=i // a_day, hours=-6),
                event_at=start + timedelta(days=i // a_day, minutes=i % a_day),
                probabilities={"heads": float(bias), "tails": 1 - float(bias)},
                distribution={},
                confidence=max(float(bias), 1 - float(bias)),
                features={"bias": float(bias)},
                latency_ms=1.0,
            )
            for i, (number, bias) in enumerate(zip(numbers, biases, strict=True))
        ]
    )
    if settle:
        coin.outcomes |= {n: "heads" if heads else "tails" for n, heads in zip(numbers, came, strict=True)}
        results = coin.results([each.subject for each in said])
        Settlement.objects.bulk_create(
            Settlement(prediction=each, **score(coin, each.probabilities, result))
            for each, result in zip(said, results, strict=True)
            if result is not None
        )
    return numbers


def honest_biases(n: int, seed: int = 1) -> list[float]:
    """Biases as in the coin's training rows, whose expected log loss is 0.578 nats."""
    return [float(bias) for bias in np.random.default_rng(seed).uniform(0.1, 0.9, n)]
