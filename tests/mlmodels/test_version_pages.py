"""The pages of versions: figures, weights, comparison, and every change of role."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mlmodels import promotion
from mlmodels.models import ModelVersion, Promotion
from tests.factories import DatasetFactory, ModelVersionFactory
from tests.mlmodels.visiting import said, text

pytestmark = pytest.mark.django_db
Role = ModelVersion.Role
TEAMS = {f"team-{n}": [n / 10, -n / 10, 1.0] for n in range(60)}


def make(brier: float = 0.4, **fields: object) -> ModelVersion:
    metrics = {"test": {"n": 60, "brier": brier}, "split": {"test_from": "2021-01-01T00:00:00+00:00"}}
    return ModelVersionFactory.create(**{"problem": "coin-toss", "algorithm": "logit", "metrics": metrics, **fields})


def test_a_version_shows_figures_lineage_and_audit(
    page: Client,
    staff: User,
    trained: Callable[[], ModelVersion],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    version = trained()
    promotion.promote(version, by=staff, reason="It won the <cup>")
    with django_assert_max_num_queries(6):
        shown = text(page, "version", version.version)
    assert f"{version.metrics['test']['brier']:.4f}" in shown
    assert "It won the &lt;cup&gt;" in shown
    assert version.artifact_sha256[:12] in shown
    assert str(version.run_id) in shown


@pytest.mark.parametrize(
    "weights",
    [
        {}, [], "text", 3, [1, 2], {"a": None}, {"a": {}}, {"a": []}, {"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}},
        {"x": [[1, 2], [3]]}, {"a": [1], "b": "two"}, {"a": {"x": 1}, "b": {"y": 2}}, {"a": {"x": 1}, "b": 3},
        {"a": True, "b": float("1e300")}, {str(n): "w" * 500 for n in range(90)}, {"teams": TEAMS},
        {"competitions": {"E0": {"level": 0.1, "teams": TEAMS}}}, {"a": {"attack": 1, "defence": 2},
        "b": {"attack": 3, "defence": 4}}, {"trees": [{"left": [1, {"deep": 2}]}]},
    ],
)  # fmt: skip
def test_weights_of_any_shape_are_shown(page: Client, weights: object) -> None:
    assert "Lineage" in text(page, "version", make(model_weights=weights).version)


def test_the_strongest_weights_come_first_and_are_drawn(page: Client) -> None:
    shown = text(page, "version", make(model_weights={"rho": -0.05, "teams": TEAMS}).version)
    assert shown.index("team-59") < shown.index("team-58") < shown.index("rho")
    assert '<rect class="c-bar s1" x="0.0" width="1000.0"' in shown
    assert "20 smaller ones are left out" in shown
    assert "40 of 60" in shown
    assert "team-3<" not in shown


def test_a_version_that_is_not_there_is_not_found(page: Client) -> None:
    assert page.get(reverse("mlmodels:version", args=["nobody"])).status_code == 404


# ---- Changes of role ----


def test_promoting_puts_it_into_service_and_is_audited(
    page: Client, staff: User, trained: Callable[[], ModelVersion]
) -> None:
    version = trained()
    shown = said(page, "version-promote", version.version, reason="Better on the test rows")
    assert f"{version} is champion" in shown
    audit = Promotion.objects.get()
    assert (audit.decided_by, audit.reason) == (staff, "Better on the test rows")


@pytest.mark.parametrize(("name", "role"), [("version-challenge", Role.CHALLENGER), ("version-archive", Role.ARCHIVED)])
def test_other_roles_are_given_with_a_reason(page: Client, name: str, role: ModelVersion.Role) -> None:
    version = make()
    said(page, name, version.version, reason="Because")
    version.refresh_from_db()
    assert version.role == role
    assert Promotion.objects.get().reason == "Because"


@pytest.mark.parametrize("name", ["version-promote", "version-challenge", "version-archive"])
def test_without_a_reason_nothing_changes(page: Client, name: str) -> None:
    version = make()
    assert "Say why" in said(page, name, version.version, reason="  ")
    assert not Promotion.objects.exists()


def test_a_version_whose_file_is_gone_is_not_promoted(page: Client) -> None:
    version = make()
    shown = said(page, "version-promote", version.version, reason="Because")
    assert "alert bad" in shown
    version.refresh_from_db()
    assert version.role == Role.EXPERIMENTAL


def test_the_champion_is_not_archived(page: Client) -> None:
    version = make(role=Role.CHAMPION)
    assert "instead of archiving it" in said(page, "version-archive", version.version, reason="Because")


def test_rolling_back_brings_back_the_champion_before(page: Client, trained: Callable[[], ModelVersion]) -> None:
    first, second = trained(), trained()
    promotion.promote(first, by=None)
    promotion.promote(second, by=None)
    shown = said(page, "roll-back", "coin-toss", reason="It went astray")
    assert f"Rolled back: {first} is champion again." in shown
    assert Promotion.objects.first().decision == Promotion.Decision.ROLL_BACK  # type: ignore[union-attr]  # just made


def test_a_roll_back_is_offered_by_the_name_of_what_it_brings_back(
    page: Client, trained: Callable[[], ModelVersion]
) -> None:
    first, second = trained(), trained()
    promotion.promote(first, by=None)
    assert "Roll back" not in text(page, "index", problem="coin-toss")
    promotion.promote(second, by=None)
    assert f"and bring back {first}?" in text(page, "index", problem="coin-toss")


def test_a_version_out_of_service_is_compared_with_the_champion(
    page: Client, trained: Callable[[], ModelVersion]
) -> None:
    first, second = trained(), trained()
    assert "Compare with the champion" not in text(page, "version", first.version)
    promotion.promote(first, by=None)
    assert "Compare with the champion" not in text(page, "version", first.version)
    shown = text(page, "version", second.version)
    assert f"?v={first.version}&amp;v={second.version}" in shown
    assert f'data-confirm="Promote: {second.version}?' in shown


def test_a_version_tells_by_what_it_was_replaced(page: Client, trained: Callable[[], ModelVersion]) -> None:
    first, second = trained(), trained()
    promotion.promote(first, by=None)
    promotion.promote(second, by=None)
    shown = text(page, "version", first.version)
    assert "Champion → Archived" in shown
    assert second.version in shown
    assert "Champion → Archived" not in text(page, "version", second.version)


def test_rolling_back_from_nothing_says_so(page: Client) -> None:
    assert "nothing to roll back" in said(page, "roll-back", "coin-toss", reason="Because")


def test_a_version_is_exported_whole(page: Client, trained: Callable[[], ModelVersion]) -> None:
    version = trained()
    answer = page.get(reverse("mlmodels:version-export", args=[version.version]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{version}.zip"'
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file response
    assert set(zipfile.ZipFile(io.BytesIO(content)).namelist()) == {"version.json", "model", "signature"}


def test_a_version_whose_file_is_gone_is_not_exported(page: Client) -> None:
    assert "alert bad" in text_after(page, reverse("mlmodels:version-export", args=[make().version]))


def text_after(page: Client, url: str) -> str:
    return page.get(url, follow=True).content.decode()


# ---- The list, and versions side by side ----


def test_the_list_is_filtered(page: Client) -> None:
    kept, left = make(role=Role.ARCHIVED), make()
    shown = text(page, "versions", role="archived")
    assert kept.version in shown
    assert left.version not in shown
    assert "No such version" in text(page, "versions", role="champion")


def test_the_list_comes_in_pages(page: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(30):
        make()
    with django_assert_max_num_queries(6):
        assert "Page 1 of 2" in text(page, "versions")


def test_versions_are_compared_with_differences_and_the_best_marked(page: Client) -> None:
    dataset = DatasetFactory.create(problem="coin-toss")
    first, second = make(0.4000, dataset=dataset), make(0.3900, dataset=dataset)
    shown = text(page, "compare", a=first.version, b=second.version)
    assert "\N{MINUS SIGN}0.0100" in shown
    assert shown.count("(best)") == 1
    assert '<td class="num best">0.3900' in shown
    assert "tested on the same rows" in shown


def test_versions_tested_on_different_rows_are_told_apart(page: Client) -> None:
    first, second = make(dataset=DatasetFactory.create()), make(dataset=DatasetFactory.create())
    assert "They were tested on different rows." in text(page, "compare", v=[first.version, second.version])


def test_comparing_asks_for_two_to_four_versions_of_one_problem(page: Client) -> None:
    many = [make().version for _ in range(5)]
    url = reverse("mlmodels:compare")
    other = make(problem="football-outcome").version
    assert "you ticked 5" in page.get(url, {"v": many}, follow=True).content.decode()
    assert "you ticked 1" in page.get(url, {"v": many[:1]}, follow=True).content.decode()
    assert "no version nobody" in page.get(url, {"v": [many[0], "nobody"]}, follow=True).content.decode()
    assert "one problem" in page.get(url, {"v": [many[0], other]}, follow=True).content.decode()


def test_figures_of_another_shape_can_be_compared(page: Client) -> None:
    first, second = make(metrics=[]), make(metrics={"test": {"n": "x", "brier": None}, "split": 3})
    assert "compared" in text(page, "compare", v=[first.version, second.version])
