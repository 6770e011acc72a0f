"""Staff's pages of challengers, their policy, and what strangers get of them."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mlmodels import policies, promotion
from mlmodels.drawing.bands import Known, Reference, band_chart
from mlmodels.models import ModelVersion, Promotion, PromotionPolicy
from predictions.challenging.deciding import decide
from tests.factories import ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.challenging.duel import Duel, trained

pytestmark = pytest.mark.django_db
POLICY = {
    "enabled": "on",
    "minimum_pairs": "250",
    "minimum_days": "14",
    "minimum_improvement": "0.05",
    "alpha": "0.01",
    "require_approval": "on",
    "loss": "log_loss",
}
NAMES = ["challenger", "challenger-approve", "challenger-reject", "challenger-decide"]


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def read(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"predictions:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, name: str, *args: object, **data: Any) -> str:
    answer = client.post(reverse(f"predictions:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def proposed(duel: Duel) -> None:
    duel.hold_many(150, better=True)
    with time_machine.travel(duel.now, tick=False):
        assert decide(duel.challenger).decision == Promotion.Decision.PROPOSE


# ---- The list ----


def test_a_problem_without_challengers_says_what_to_do(page: Client, coin_toss: object) -> None:
    shown = read(page, "challengers")
    assert "Coin toss" in shown
    assert "promote a version" in shown
    promotion.promote(trained(), by=None)
    assert "choose <em>Make challenger</em>" in read(page, "challengers")


def test_the_list_tells_how_far_each_is(page: Client, duel: Duel) -> None:
    duel.hold_many(20, better=True)
    shown = read(page, "challengers")
    assert duel.challenger.version in shown
    assert "of 40 needed" in shown
    assert '<progress class="progress" value="' in shown


def test_challengers_without_a_champion_are_counted(page: Client, coin_toss: object) -> None:
    ModelVersionFactory.create(problem="coin-toss", role=ModelVersion.Role.CHALLENGER)
    assert "1 challenger can&#x27;t be compared" in read(page, "challengers").replace("can't", "can&#x27;t")


def test_looking_writes_nothing(page: Client, duel: Duel) -> None:
    duel.hold_many(20, better=True)
    before = Promotion.objects.count()
    read(page, "challengers")
    read(page, "challenger", duel.challenger.version)
    read(page, "challenger-policy", "coin-toss")
    assert (Promotion.objects.count(), PromotionPolicy.objects.count()) == (before, 0)


def test_each_further_challenger_costs_two_queries(
    page: Client, duel: Duel, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        promotion.make_challenger(trained(), by=None)
    with django_assert_max_num_queries(16):
        read(page, "challengers")


def test_a_challenger_that_learned_from_simulated_leagues_says_so(
    page: Client, duel: Duel, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ">Simulated</span>" not in read(page, "challengers")
    monkeypatch.setattr(coin_toss, "is_simulated", lambda selection: True)
    assert ">Simulated</span>" in read(page, "challengers")


# ---- One of them ----


def test_a_challenger_is_shown_beside_the_champion_on_the_same_events(
    page: Client, duel: Duel, django_assert_max_num_queries: Any
) -> None:
    duel.hold_many(120, better=True)
    with django_assert_max_num_queries(14):
        shown = read(page, "challenger", duel.challenger.version)
    assert "On 120 pairs the challenger was better by" in shown
    assert "Calibration error" in shown
    assert "Log loss" in shown
    assert shown.count("<svg") >= 2
    assert 'class="c-band"' in shown


def test_before_the_first_pair_it_says_what_happens_next(page: Client, duel: Duel) -> None:
    shown = read(page, "challenger", duel.challenger.version)
    assert "No event that both have forecast is settled yet" in shown
    assert "c-band" not in shown


def test_a_proposal_is_approved(page: Client, duel: Duel, staff: User) -> None:
    proposed(duel)
    assert "Approve and promote" in read(page, "challenger", duel.challenger.version)
    shown = said(page, "challenger-approve", duel.challenger.version, reason="Convincing")
    assert f"{duel.challenger} is champion." in shown
    audit = Promotion.objects.filter(decision="promote").first()
    assert audit is not None
    assert (audit.version, audit.decided_by, audit.reason) == (duel.challenger, staff, "Convincing")


def test_what_is_not_proposed_can_not_be_approved(page: Client, duel: Duel) -> None:
    assert "Approve and promote" not in read(page, "challenger", duel.challenger.version)
    assert "is not proposed" in said(page, "challenger-approve", duel.challenger.version)
    assert "not a challenger" in said(page, "challenger-approve", duel.champion.version)


def test_a_challenger_is_rejected_with_a_reason(page: Client, duel: Duel) -> None:
    assert "Say why" in said(page, "challenger-reject", duel.challenger.version, reason=" ")
    shown = said(page, "challenger-reject", duel.challenger.version, reason="Too <slow>")
    assert "is rejected and archived" in shown
    assert "Too &lt;slow&gt;" in shown
    assert "It is archived now, not a challenger" in shown


def test_a_look_may_be_asked_for(page: Client, duel: Duel) -> None:
    duel.hold_many(5, better=True)
    shown = said(page, "challenger-decide", duel.challenger.version)
    assert "Keep waiting. Not yet: pairs 5 of at least 100" in shown
    assert "not a challenger" in said(page, "challenger-decide", duel.champion.version)


def test_a_version_that_is_not_there_is_not_found(page: Client) -> None:
    assert page.get(reverse("predictions:challenger", args=["nobody"])).status_code == 404
    for name in NAMES[1:]:
        assert page.post(reverse(f"predictions:{name}", args=["nobody"]), {"reason": "x"}).status_code == 404


# ---- The policy ----


def test_the_policy_is_changed_and_signed(page: Client, coin_toss: object) -> None:
    assert "is changed" in said(page, "challenger-policy", "coin-toss", **POLICY)
    policy = policies.policy_of("coin-toss")
    found = (policy.minimum_pairs, policy.minimum_improvement, policy.alpha, policy.loss)
    assert found == (250, 0.05, 0.01, "log_loss")
    assert "by staff" in read(page, "challenger-policy", "coin-toss")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("minimum_pairs", "0", "At least one pair"),
        ("minimum_improvement", "-0.03", "be negative: 0.03 is 3 %"),
        ("alpha", "2", "between 0 and 1"),
        ("minimum_days", "-1", "greater than or equal to 0"),
        ("loss", "accuracy", "Select a valid choice"),
        ("alpha", "nan", "Enter a number"),
    ],
)
def test_impossible_numbers_are_refused_beside_their_field(
    page: Client, coin_toss: object, field: str, value: str, words: str
) -> None:
    answer = page.post(reverse("predictions:challenger-policy", args=["coin-toss"]), {**POLICY, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PromotionPolicy.objects.exists()


def test_the_policy_of_an_unknown_problem_is_not_found(page: Client) -> None:
    assert page.get(reverse("predictions:challenger-policy", args=["weather"])).status_code == 404


# ---- Strangers ----


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_strangers_get_and_change_nothing(client: Client, duel: Duel, charlie: User, who: str) -> None:
    proposed(duel)
    if who == "charlie":
        client.force_login(charlie)
    urls = [reverse("predictions:challengers"), reverse("predictions:challenger-policy", args=["coin-toss"])]
    urls += [reverse(f"predictions:{name}", args=[duel.challenger.version]) for name in NAMES]
    for url in urls:
        for answer in (client.get(url), client.post(url, {**POLICY, "reason": "mine"})):
            assert answer.status_code in {302, 403, 405}
            assert duel.challenger.version not in answer.content.decode()
    duel.challenger.refresh_from_db()
    assert duel.challenger.role == ModelVersion.Role.CHALLENGER
    assert policies.policy_of("coin-toss").minimum_pairs == 100


# ---- The chart ----


def test_the_band_is_cut_off_at_the_plots_edges() -> None:
    course = [Known(x=n, value=1.0, low=1 - 1000 / n**2, high=1 + 1000 / n**2) for n in range(1, 101)]
    chart = band_chart(course, references=[Reference(at=0.0, words="no different")])
    assert chart is not None
    heights = [float(point.split()[1]) for point in chart.band.strip("MZ").split("L")]
    assert chart.top <= min(heights) <= max(heights) <= chart.bottom
    assert chart.top < chart.references[0].at <= chart.bottom


def test_long_courses_are_thinned_and_short_ones_not_drawn() -> None:
    course = [Known(x=n, value=0.0, low=-1.0, high=1.0) for n in range(1, 5001)]
    chart = band_chart(course)
    assert chart is not None
    assert chart.line.count("L") < 250
    assert band_chart(course[:1]) is None
