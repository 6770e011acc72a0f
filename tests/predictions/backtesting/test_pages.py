import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.consents import grant
from accounts.models import Consent, User
from predictions.backtesting import asking
from predictions.models import Backtest
from tests.predictions.backtesting.conftest import PricedToss, plan

CarryOut = Callable[..., Backtest]
FORM = {
    "made_by": "algorithm:logit",
    "strategies": ["value", "kelly-quarter"],
    "refit_days": "30",
    "bankroll": "500",
}


@pytest.fixture
def page(client: Client, staff: User, priced_toss: PricedToss) -> Client:
    """A browser in which a member of staff has signed in who confirmed to be an adult."""
    grant(staff, Consent.Kind.ADULT)
    client.force_login(staff)
    return client


def text(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"predictions:{name}", args=args), query)  # type: ignore[arg-type]  # a test's shorthand
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def ask(client: Client, **changes: Any) -> Any:
    return client.post(f"{reverse('predictions:backtest-new')}?problem=priced-toss", {**FORM, **changes})


def test_without_any_the_list_says_what_to_do(page: Client) -> None:
    assert "No backtest yet" in text(page, "backtests")


def test_staff_who_did_not_confirm_their_age_meet_the_gate(client: Client, staff: User, carried_out: CarryOut) -> None:
    client.force_login(staff)
    done = carried_out()
    for path in (
        *(reverse(f"predictions:{name}") for name in ("backtests", "backtest-new", "backtest-compare")),
        *(reverse(f"predictions:{name}", args=[done.pk]) for name in ("backtest", "backtest-live", "backtest-bets")),
    ):
        answer = client.get(path)
        assert answer.status_code == 302
        assert reverse("accounts:age-gate") in answer.headers["Location"]


@pytest.mark.parametrize("who", ["nobody", "charlie"])
def test_a_stranger_gets_nothing(client: Client, charlie: User, carried_out: CarryOut, who: str) -> None:
    done = carried_out()
    grant(charlie, Consent.Kind.ADULT)
    if who == "charlie":
        client.force_login(charlie)
    for name in ("backtest", "backtest-live", "backtest-bets", "backtest-cancel", "backtest-retry"):
        for method in (client.get, client.post):
            assert method(reverse(f"predictions:{name}", args=[done.pk])).status_code in {302, 403, 405}
    assert Backtest.objects.count() == 1


def test_a_filled_in_form_queues_a_backtest(page: Client, staff: User) -> None:
    answer = ask(page, own_strategy="value:margin=0.03", competitions=["penny"])
    backtest = Backtest.objects.get()
    assert answer.headers["Location"] == reverse("predictions:backtest", args=[backtest.pk])
    assert backtest.strategies == ["value", "kelly-quarter", "value:margin=0.03"]
    assert (backtest.requested_by, str(backtest.bankroll), backtest.refit_days) == (staff, "500.00", 30)
    assert "Waiting for a worker" in text(page, "backtest", backtest.pk)
    assert "hx-get" in text(page, "backtest-live", backtest.pk)
    ask(page, own_strategy="value:margin=0.03", competitions=["penny"])
    assert Backtest.objects.count() == 1, "the same is in flight"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"strategies": []}, "Choose at least one strategy"),
        ({"own_strategy": "martingale"}, "There is no strategy &#x27;martingale&#x27;"),
        ({"own_strategy": "kelly:fraction=7"}, "at most 1, not 7"),
        ({"own_strategy": "kelly:fraction=0"}, "above 0 and at most 1, not 0"),
        ({"bankroll": "-5"}, "The bankroll is an amount from 1"),
        ({"bankroll": "1.005"}, "at most two decimals"),
        ({"refit_days": "0"}, "whole number of days from 1 to 366, not 0"),
        ({"date_from": "2020-05-01", "date_to": "2020-04-01"}, "swap the two dates"),
        ({"date_from": "2999-01-01"}, "its first day (1 January 2999) is still to come"),
        ({"book": "NOBODY"}, "not one of the available choices"),
        ({"made_by": "version:nothing"}, "not one of the available choices"),
    ],
)
def test_nonsense_is_refused_beside_the_form(page: Client, changes: dict[str, Any], words: str) -> None:
    answer = ask(page, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Backtest.objects.exists()


def test_one_match_is_refused(page: Client, priced_toss: PricedToss) -> None:
    priced_toss.tosses = 1
    assert "has 1 finished tosses; at least 10" in ask(page).content.decode()


def test_a_finished_one_shows_figures_charts_and_words(page: Client, carried_out: CarryOut) -> None:
    done = carried_out("value", "kelly-quarter", "confidence")
    shown = text(page, "backtest", done.pk)
    value = done.figures["strategies"][0]
    for words in ("Value, quarter Kelly", "Yield on favourites", "Longest losing run", "Month by month", "Realised"):
        assert words in shown
    assert f"{100 * value['yield']['value']:+.1f}" in shown
    assert shown.count("<svg") >= 3
    assert "help is free and confidential" in shown
    assert "<style" not in shown
    assert not re.search(r'\sstyle="', shown)
    assert len(set(re.findall(r'id="([^"]+)"', shown))) == len(re.findall(r'id="([^"]+)"', shown))


def test_without_a_bet_the_page_says_so(page: Client, carried_out: CarryOut) -> None:
    done = carried_out("value:odds=1000")
    assert "No offer was taken" in text(page, "backtest", done.pk)


def test_a_failed_one_says_why_and_may_be_retried(page: Client, carried_out: CarryOut, priced_toss: PricedToss) -> None:
    priced_toss.tosses = 30
    done = carried_out("value")
    assert "has 50 before it to learn from" in text(page, "backtest", done.pk)
    assert "has 50 before it to learn from" in text(page, "backtests")
    answer = page.post(reverse("predictions:backtest-retry", args=[done.pk]), follow=True)
    assert "Queued again" in answer.content.decode()
    assert Backtest.objects.count() == 2


def test_one_in_flight_may_be_cancelled_once(page: Client) -> None:
    backtest, _ = asking.request_backtest(plan(), dispatch=False)
    for words in ("Cancelled.", "nothing to cancel"):
        answer = page.post(reverse("predictions:backtest-cancel", args=[backtest.pk]), follow=True)
        assert words in answer.content.decode()


def test_the_bets_come_as_csv(page: Client, carried_out: CarryOut) -> None:
    done = carried_out("value")
    answer = page.get(reverse("predictions:backtest-bets", args=[done.pk]))
    lines = answer.getvalue().decode().splitlines()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="backtest-{done.pk}.csv"'
    assert len(lines) == done.bets_count + 1
    done.bets_file.unlink()
    answer = page.get(reverse("predictions:backtest-bets", args=[done.pk]), follow=True)
    assert "missing or was changed" in answer.content.decode()


def test_several_are_compared_side_by_side(page: Client, carried_out: CarryOut) -> None:
    both = carried_out("value"), carried_out("value", "kelly", refit_days=90)
    shown = text(page, "backtest-compare", b=[str(each.pk) for each in both])
    assert shown.count('scope="col"') == 3
    assert "did not bet on the same rows" not in shown
    assert "Per cent of the starting bankroll" in shown


@pytest.mark.parametrize(
    ("chosen", "words"),
    [([], "you ticked 0"), (["x", "y"], "Only completed"), ([str(n) for n in range(5)], "you ticked 5")],
)
def test_what_can_not_be_compared_is_said(page: Client, chosen: list[str], words: str) -> None:
    answer = page.get(reverse("predictions:backtest-compare"), {"b": chosen}, follow=True)
    assert words in answer.content.decode()


def test_simulated_data_is_labelled(page: Client, carried_out: CarryOut, priced_toss: PricedToss) -> None:
    priced_toss.is_simulated = lambda selection: True  # type: ignore[method-assign]  # for this test
    done = carried_out()
    assert "made up: nothing here says anything about real betting" in text(page, "backtest", done.pk)
    assert "Simulated" in text(page, "backtests")


def test_problems_without_prices_are_not_offered(page: Client, coin_toss: Any) -> None:
    answer = page.post(f"{reverse('predictions:backtest-new')}?problem=coin-toss", FORM)
    assert "Coin toss has no prices: there is nothing to bet at." in answer.content.decode()
    assert "problem=coin-toss" not in text(page, "backtest-new", problem="priced-toss")


def test_the_list_asks_few_questions(page: Client, carried_out: CarryOut, django_assert_max_num_queries: Any) -> None:
    for bankroll in range(100, 105):
        carried_out("value", bankroll=bankroll)
    with django_assert_max_num_queries(8):
        assert text(page, "backtests").count("Completed") == 5
