"""What the ledger says moved a forecast is what moved it: told of the very row that was served."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import time_machine

from matches.models import Match
from mlmodels import artifacts, promotion, runs
from mlmodels.estimators.attribution import attribution_of
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions import ledger
from predictions.drivers import drivers_of, is_explained
from predictions.football import serving_state
from predictions.football.algorithms import FEATURES
from predictions.football.naming import of_match
from predictions.serving import predict
from predictions.upcoming import predict_upcoming

SLUG = "football-outcome"
WILD = {"least_weight": 5.0, "rounds": 60, "l2": 1.0}
"""Trees that find something in three small seasons."""


@pytest.fixture
def to_come(league: list[Match]) -> Iterator[list[Match]]:
    last_round = [match for match in league if not match.is_finished]
    with time_machine.travel(last_round[0].kickoff - timedelta(days=1), tick=False):
        yield last_round


@pytest.fixture
def boosted(to_come: list[Match], storage: Path) -> ModelVersion:
    serving_state._kept.clear()
    run, _ = runs.request_run(
        problem=SLUG, algorithm="gbm", selection=Selection(), hyper_parameters=WILD, dispatch=False
    )
    runs.execute(str(run.pk), worker="test")
    version = ModelVersion.objects.get(run=run)
    promotion.promote(version, by=None)
    return version


def test_the_drivers_written_down_are_of_the_features_written_down(boosted: ModelVersion, to_come: list[Match]) -> None:
    """Worked out again from the row in the ledger and the file of the model alone."""
    [said] = predict(SLUG, [of_match(to_come[0])])
    said.refresh_from_db()
    row = pd.DataFrame([{name: said.features[name] for name in FEATURES}]).astype(float)
    told = attribution_of(artifacts.load(boosted).estimator, row)
    assert told is not None
    begin, effects = told.log_odds(0, 2)
    by_hand = {name: e for name, e in zip(told.names, effects[0].tolist(), strict=True) if round(e, 6)}
    drivers = drivers_of(said)
    written = {name: effect for driver in drivers for name, effect in driver.features.items()}
    assert len(written) > 10
    assert written == pytest.approx(by_hand, abs=1e-6)
    assert drivers[0].effect == pytest.approx(float(begin[0]), abs=1e-6)


def test_they_sum_to_the_log_odds_of_what_was_said(boosted: ModelVersion, to_come: list[Match]) -> None:
    for said in predict(SLUG, [of_match(match) for match in to_come]):
        drivers = drivers_of(said)
        assert is_explained(drivers)
        log_odds = np.log(said.probabilities["home"] / said.probabilities["away"])
        assert sum(driver.effect for driver in drivers) == pytest.approx(log_odds, abs=1e-4)


def test_a_fixture_is_explained_alike_alone_and_in_a_round_and_nothing_new_is_said(
    boosted: ModelVersion, to_come: list[Match]
) -> None:
    together = predict(SLUG, [of_match(match) for match in to_come])
    [alone] = predict(SLUG, [of_match(to_come[1])])
    assert [list(driver) for driver in alone.drivers] == [list(driver) for driver in together[1].drivers]
    assert alone.features_hash == together[1].features_hash
    assert predict_upcoming() == 0


def test_rows_from_before_and_after_there_were_explanations_verify_together(
    boosted: ModelVersion, to_come: list[Match]
) -> None:
    new = predict(SLUG, [of_match(to_come[0])])[0]
    old = ledger.Draft(
        version=boosted,
        match_id=to_come[0].pk,
        subject={"match": to_come[0].pk},
        made_at=new.made_at,
        event_at=new.event_at,
        probabilities=new.probabilities,
        distribution=new.distribution,
        confidence=new.confidence,
        features=new.features,
        latency_ms=1.0,
        drivers=[("Elo rating: for the home side", 1.5)],
    )
    [before] = ledger.append([old])
    before.refresh_from_db()
    [driver] = drivers_of(before)
    assert (driver.words, driver.effect, driver.group) == ("Elo rating: for the home side", 1.5, "")
    assert not is_explained([driver])
    assert ledger.verify().ok
