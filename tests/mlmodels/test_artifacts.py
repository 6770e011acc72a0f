from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlmodels import artifacts, promotion, registry, runs
from mlmodels.errors import ArtifactError, FeatureMismatch, InvalidState, ModelNotTrained
from mlmodels.models import ModelVersion, Promotion
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
Role = ModelVersion.Role


def _train() -> ModelVersion:
    run, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, force=True)
    runs.execute(str(run.pk), worker="w1")
    run.refresh_from_db()
    return run.model_version


@pytest.fixture
def version(coin_toss: CoinToss) -> ModelVersion:
    return _train()


def _file(version: ModelVersion, storage: Path) -> Path:
    return storage / "artifacts" / version.artifact_path


def test_it_loads_what_it_wrote(version: ModelVersion) -> None:
    loaded = artifacts.load(version)
    assert loaded.state == {"tosses": 400}
    heads, tails = loaded.estimator.predict_proba(pd.DataFrame({"bias": [0.9]}))[0]
    assert heads > tails


def test_a_file_is_never_written_over_another_of_its_name(version: ModelVersion) -> None:
    """Two trainings may end in one second, and a version may be imported under a name that is taken."""
    other = artifacts.keep(f"{version.version}.model", b"another content")
    assert other != version.artifact_path
    assert artifacts.load(version).state == {"tosses": 400}


@pytest.mark.parametrize("where", [0, 40, -1])
def test_a_changed_byte_is_an_error(version: ModelVersion, storage: Path, where: int) -> None:
    content = bytearray(_file(version, storage).read_bytes())
    content[where] ^= 1
    _file(version, storage).write_bytes(content)
    with pytest.raises(ArtifactError, match="sha256 differs"):
        artifacts.load(version)
    with pytest.raises(ArtifactError):
        artifacts.open_envelope(bytes(content), name="x")


def test_a_truncated_or_missing_file_is_an_error(version: ModelVersion, storage: Path) -> None:
    content = _file(version, storage).read_bytes()
    with pytest.raises(ArtifactError, match="truncated"):
        artifacts.open_envelope(content[:-10], name="x")
    _file(version, storage).unlink()
    with pytest.raises(ArtifactError, match="can't be read"):
        artifacts.load(version)


def test_a_file_signed_with_a_foreign_key_is_never_unpickled(version: ModelVersion, settings, storage: Path) -> None:  # type: ignore[no-untyped-def]  # pytest-django's fixture
    settings.ARTIFACT_SIGNING_KEYS = ["another key"]
    with pytest.raises(ArtifactError, match="signature"):
        artifacts.load(version)
    settings.ARTIFACT_SIGNING_KEYS = ["another key", *_keys()]
    assert artifacts.load(version).state == {"tosses": 400}


def test_a_file_of_libraries_that_moved_on_asks_to_be_trained_again(
    version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(file: object) -> None:
        raise ModuleNotFoundError("No module named 'sklearn.linear_model.former'")

    monkeypatch.setattr("joblib.load", load)
    with pytest.raises(ArtifactError, match=r"former.*train it again"):
        artifacts.load(version)


def _keys() -> list[str]:
    from config import settings as configured

    return configured.ARTIFACT_SIGNING_KEYS


def test_the_earlier_champion_serves_where_the_new_ones_file_is_broken(version: ModelVersion, storage: Path) -> None:
    promotion.promote(version, by=None)
    newer = _train()
    promotion.promote(newer, by=None)
    registry._loaded.clear()
    _file(newer, storage).write_bytes(b"garbage")
    assert registry.serving_champion("coin-toss").version == version


def test_a_broken_file_never_becomes_champion(version: ModelVersion, storage: Path) -> None:
    registry._loaded.clear()
    _file(version, storage).write_bytes(b"garbage")
    with pytest.raises(ArtifactError):
        promotion.promote(version, by=None)
    assert not Promotion.objects.exists()


def test_there_is_one_champion_and_the_audit_tells_how(version: ModelVersion, staff) -> None:  # type: ignore[no-untyped-def]  # the cast
    newer = _train()
    promotion.promote(version, by=staff, reason="first")
    promotion.promote(newer, by=staff, reason="better")
    version.refresh_from_db()
    assert version.role == Role.ARCHIVED
    assert registry.champion("coin-toss") == newer
    audit = Promotion.objects.first()
    assert audit is not None
    assert (audit.version, audit.previous_champion, audit.decided_by) == (newer, version, staff)
    promotion.roll_back("coin-toss", by=staff)
    assert registry.champion("coin-toss") == version
    with pytest.raises(InvalidState, match="nothing to roll back to"):
        promotion.roll_back("coin-toss", by=staff)


def test_roles_that_make_no_sense_are_refused(version: ModelVersion) -> None:
    promotion.make_challenger(version, by=None)
    with pytest.raises(InvalidState, match="challenger already"):
        promotion.make_challenger(version, by=None)
    promotion.promote(version, by=None)
    version.refresh_from_db()
    for verb in (promotion.promote, promotion.archive, promotion.make_challenger):
        with pytest.raises(InvalidState):
            verb(version, by=None)
    with pytest.raises(InvalidState, match="nothing to roll back"):
        promotion.roll_back("tarot", by=None)


def test_without_a_champion_it_says_so(coin_toss: CoinToss) -> None:
    with pytest.raises(ModelNotTrained, match="train one"):
        registry.serving_champion("coin-toss")


def test_features_that_do_not_fit_are_named(version: ModelVersion) -> None:
    good = pd.DataFrame({"bias": [0.5]})
    registry.check_schema(version, good, ["bias"])
    with pytest.raises(FeatureMismatch, match="missing: bias"):
        registry.check_schema(version, pd.DataFrame({"odds": [0.5]}), ["bias"])
    with pytest.raises(FeatureMismatch, match="not known when it was trained: weight"):
        registry.check_schema(version, good.assign(weight=1.0), ["bias", "weight"])
    with pytest.raises(FeatureMismatch, match="another type: bias"):
        registry.check_schema(version, pd.DataFrame({"bias": ["half"]}), ["bias"])


def test_one_data_set_serves_every_run_on_unchanged_data(version: ModelVersion, storage: Path) -> None:
    again = _train()
    assert again.dataset == version.dataset
    assert len(list((storage / "datasets").iterdir())) == 1
    assert version.dataset is not None
    assert np.isclose(len(pd.read_parquet(version.dataset.folder / "data.parquet")), version.dataset.rows)
