import zipfile
from pathlib import Path

import pytest

from mlmodels import artifacts, moving, runs
from mlmodels.errors import ArtifactError, InvalidState
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(coin_toss: CoinToss, tmp_path: Path) -> Path:
    run, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False)
    runs.execute(str(run.pk), worker="w1")
    moving.export_version(ModelVersion.objects.get(), tmp_path / "coin.zip")
    return tmp_path / "coin.zip"


def test_a_version_moves_to_another_installation(exported: Path, storage: Path) -> None:
    before = ModelVersion.objects.get()
    ModelVersion.objects.all().delete()
    (storage / "artifacts" / before.artifact_path).unlink()
    after = moving.import_version(exported)
    assert (after.version, after.metrics, after.role) == (before.version, before.metrics, "experimental")
    assert artifacts.load(after).state == {"tosses": 400}


def test_a_name_that_is_taken_is_refused(exported: Path) -> None:
    with pytest.raises(InvalidState, match="already"):
        moving.import_version(exported)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(ArtifactError, match="not an exported model"):
        moving.import_version(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("version.json", "{}")
        archive.writestr("model", "")
    with pytest.raises(ArtifactError, match="lacks problem"):
        moving.import_version(tmp_path / "y.zip")


def test_a_model_swapped_in_the_file_is_refused(exported: Path, tmp_path: Path) -> None:
    ModelVersion.objects.all().delete()
    with zipfile.ZipFile(exported) as archive, zipfile.ZipFile(tmp_path / "swapped.zip", "w") as swapped:
        swapped.writestr("version.json", archive.read("version.json"))
        swapped.writestr("model", archive.read("model")[:-1] + b"!")
    with pytest.raises(ArtifactError, match="signature"):
        moving.import_version(tmp_path / "swapped.zip")
    assert not ModelVersion.objects.exists()
