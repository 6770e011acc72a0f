import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mlmodels import artifacts, moving, runs
from mlmodels.errors import ArtifactError, InvalidName, InvalidState
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
    changed = rewritten(exported, tmp_path, model=lambda content: content[:-1] + b"!")
    with pytest.raises(ArtifactError, match=r"The signature of changed\.zip is wrong"):
        moving.import_version(changed)
    assert not ModelVersion.objects.exists()


def test_figures_changed_in_the_file_are_refused(exported: Path, tmp_path: Path) -> None:
    ModelVersion.objects.all().delete()
    changed = rewritten(exported, tmp_path, described=lambda text: text.replace(b'"brier": 0.', b'"brier": 0.0'))
    with pytest.raises(ArtifactError, match=r"The signature of version\.json in changed\.zip is wrong"):
        moving.import_version(changed)
    assert not ModelVersion.objects.exists()


def test_a_flipped_byte_is_refused_or_changes_nothing(exported: Path, tmp_path: Path) -> None:
    metrics = ModelVersion.objects.get().metrics
    whole, refused = exported.read_bytes(), 0
    for place in range(0, len(whole), len(whole) // 30):
        ModelVersion.objects.all().delete()
        (tmp_path / "flipped.zip").write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            assert moving.import_version(tmp_path / "flipped.zip").metrics == metrics
        except ArtifactError:
            refused += 1
    assert refused > 20


def test_a_name_that_leads_elsewhere_is_refused(exported: Path, tmp_path: Path) -> None:
    version = ModelVersion.objects.get()
    ModelVersion.objects.update(version="../elsewhere")
    version.refresh_from_db()
    moving.export_version(version, tmp_path / "elsewhere.zip")
    ModelVersion.objects.all().delete()
    with pytest.raises(InvalidName, match="letters, digits, hyphens"):
        moving.import_version(tmp_path / "elsewhere.zip")


def rewritten(
    exported: Path,
    folder: Path,
    *,
    model: Callable[[bytes], bytes] = bytes,
    described: Callable[[bytes], bytes] = bytes,
) -> Path:
    """The same export with its parts changed, as a whole ZIP."""
    with zipfile.ZipFile(exported) as archive, zipfile.ZipFile(folder / "changed.zip", "w") as changed:
        changed.writestr("version.json", described(archive.read("version.json")))
        changed.writestr("model", model(archive.read("model")))
        changed.writestr("signature", archive.read("signature"))
    return folder / "changed.zip"
