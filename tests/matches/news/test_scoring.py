from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.language_model import LanguageModel
from accounts.models import User
from matches.models import LanguageModelDay, TextSignal
from matches.news.budget import DayBudget
from matches.news.lexicon import Lexicon
from matches.news.scoring import score_new
from matches.news.signals import signals_of
from matches.tasks import score_news
from tests.matches.news.conftest import FakeModel, completion, known_player, news_of, said

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 1, 10, 12, tzinfo=UTC)
GOOD = {"injury": 0.5, "availability": "out", "morale": -0.25, "motivation": 0.0, "evidence": ["ankle sprain"]}


@pytest.fixture
def by_lexicon(settings: Settings) -> None:
    settings.TEXT_SIGNALS_PROVIDER = "lexicon"


def test_nothing_is_read_unless_configured() -> None:
    player = known_player("Ann Example")
    news_of(player, NOON, "Example is out")
    assert score_news() == 0
    assert signals_of([player.pk], NOON + timedelta(days=1)) == {}


def test_an_item_is_read_once(by_lexicon: None) -> None:
    news_of(known_player("Ann Example"), NOON, "Example is out")
    assert score_news() == 1
    assert score_news() == 0
    signal = TextSignal.objects.get()
    assert (signal.provider, signal.answered_by, signal.fallback_reason) == ("lexicon", "lexicon", "")


def test_nothing_of_the_moment_or_after_it_counts(by_lexicon: None) -> None:
    player = known_player("Ann Example")
    news_of(player, NOON - timedelta(days=1), "Example is probable")
    score_new()
    before = signals_of([player.pk], NOON)
    news_of(player, NOON, "Example is out for the season")
    news_of(player, NOON + timedelta(seconds=1), "Example has a torn ACL and is unhappy")
    score_new()
    assert signals_of([player.pk], NOON) == before
    assert signals_of([player.pk], NOON + timedelta(microseconds=1))[player.pk].availability == "out"


def test_an_item_weighs_half_after_three_days(by_lexicon: None) -> None:
    player = known_player("Ann Example")
    news_of(player, NOON - timedelta(days=3), "Example has a strain and is doubtful")
    news_of(player, NOON - timedelta(microseconds=1), "Example scored 30")
    score_new()
    found = signals_of([player.pk], NOON)[player.pk]
    assert found.injury == pytest.approx(0.5 * 0.5 / 1.5)
    assert (found.absence, found.availability, found.items) == (0.75, "doubtful", 2)
    assert found.weight == pytest.approx(1.5)


def test_what_is_older_than_thirty_days_is_forgotten(by_lexicon: None) -> None:
    player = known_player("Ann Example")
    news_of(player, NOON - timedelta(days=31), "Example is out")
    score_new()
    assert signals_of([player.pk], NOON) == {}


def test_signals_of_many_players_take_one_query(
    by_lexicon: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    players = [known_player(f"Player {letter}") for letter in "abcde"]
    for player in players:
        news_of(player, NOON, "He is out")
    score_new()
    with django_assert_num_queries(1):
        found = signals_of([player.pk for player in players], NOON + timedelta(hours=1))
    assert len(found) == 5


def test_a_moment_without_a_zone_is_refused(by_lexicon: None) -> None:
    with pytest.raises(ValueError, match="time zone"):
        signals_of([1], datetime(2024, 1, 10))  # noqa: DTZ001 - what is tried


def test_the_model_is_sent_the_news_and_its_answer_is_kept(fake_model: FakeModel, read_by_model: None) -> None:
    news_of(known_player("Ann Example"), NOON, "Example out", "She has an ankle  sprain.")
    fake_model.answers = [(200, said(**GOOD))]
    assert score_new() == 1
    signal = TextSignal.objects.get()
    assert (signal.provider, signal.version, signal.answered_by) == ("llm", "fake-1/1", "llm")
    assert (signal.availability, signal.injury, signal.evidence) == ("out", 0.5, ["ankle sprain"])
    assert "ankle" in fake_model.asked[0]["messages"][1]["content"]
    assert fake_model.keys == ["Bearer sesame"]
    assert LanguageModelDay.objects.get().tokens == 50


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, b"<html>"), "not JSON"),
        ((200, b"{}"), "no chat completion"),
        ((200, completion("She is out, I think.")), "not JSON"),
        ((200, completion("[1]")), "not a JSON object"),
        ((200, said(**{**GOOD, "injury": 7})), "injury is 7"),
        ((200, said(**{**GOOD, "injury": "0.5"})), "no number as injury"),
        (
            (200, completion('{"injury": NaN, "availability": "out", "morale": 0, "motivation": 0, "evidence": []}')),
            "nan",
        ),
        ((200, said(**{**GOOD, "availability": "gone"})), "gone"),
        ((200, said(**{**GOOD, "evidence": ["broken leg"]})), "does not contain"),
        ((200, said(**{**GOOD, "and": "more"})), "other keys"),
        ((401, b"sesame is wrong"), "401"),
        ((500, b""), "500"),
    ],
)
def test_what_fails_is_answered_by_the_lexicon_and_said_so(
    fake_model: FakeModel, read_by_model: None, answer: tuple[int, bytes], reason: str
) -> None:
    item = news_of(known_player("Ann Example"), NOON, "Example is doubtful", "An ankle sprain.")
    fake_model.answers = [answer]
    score_new()
    signal = TextSignal.objects.get()
    expected = Lexicon().read(player="", title=item.title, text=item.text)
    assert (signal.provider, signal.answered_by) == ("llm", "lexicon")
    assert reason in signal.fallback_reason
    assert "sesame" not in signal.fallback_reason
    assert (signal.availability, signal.injury) == (expected.availability, expected.injury)


def test_a_server_that_is_unwell_is_asked_again(fake_model: FakeModel, read_by_model: None) -> None:
    news_of(known_player("Ann Example"), NOON, "Ankle sprain")
    fake_model.answers = [(503, b""), (429, b""), (200, said(**GOOD))]
    score_new()
    assert TextSignal.objects.get().answered_by == "llm"
    assert len(fake_model.asked) == 3


def test_a_server_that_is_silent_is_given_up(fake_model: FakeModel, read_by_model: None) -> None:
    news_of(known_player("Ann Example"), NOON, "Ankle sprain")
    fake_model.answers = [None]
    from matches.news.model_reading import LanguageModelReader

    silent = LanguageModel(
        base_url=fake_model.address, model="fake-1", budget=DayBudget(), seconds=0.2, attempts=2, backoff=0
    )
    score_new(provider=LanguageModelReader(silent))
    assert "did not answer within 0.2 s (2 attempts)" in TextSignal.objects.get().fallback_reason


def test_no_more_is_asked_than_the_day_allows(fake_model: FakeModel, read_by_model: None, settings: Settings) -> None:
    settings.LLM_DAILY_TOKENS = 100
    news_of(known_player("Ann Example"), NOON, "Ankle sprain")
    fake_model.answers = [(200, said(**GOOD))]
    score_new()
    assert "used up" in TextSignal.objects.get().fallback_reason
    assert fake_model.asked == []


def test_the_next_day_has_its_own_tokens() -> None:
    with time_machine.travel(NOON, tick=False):
        assert LanguageModelDay.objects.take(90, day=NOON.date(), limit=100)
        assert not LanguageModelDay.objects.take(11, day=NOON.date(), limit=100)
    assert LanguageModelDay.objects.take(90, day=NOON.date() + timedelta(days=1), limit=100)


def test_what_the_lexicon_stood_in_for_is_tried_again_three_times_at_most(
    fake_model: FakeModel, read_by_model: None
) -> None:
    news_of(known_player("Ann Example"), NOON, "Ankle sprain")
    fake_model.answers = [(401, b"")]
    read = []
    for hours in (0, 0.5, 2, 4, 6, 8):
        with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
            read.append(score_new())
    assert read == [1, 0, 1, 1, 0, 0]
    assert TextSignal.objects.get().attempts == 3


def test_staff_look_at_news_and_change_nothing(client: Client, staff: User, charlie: User, by_lexicon: None) -> None:
    news_of(known_player("Ann Example"), NOON, "Example is out")
    score_new()
    for model in ("newsitem", "textsignal", "languagemodelday"):
        page = reverse(f"admin:matches_{model}_changelist")
        client.force_login(charlie)
        assert client.get(page).status_code == 302
        client.force_login(staff)
        assert client.get(page).status_code == 200
        assert client.get(reverse(f"admin:matches_{model}_add")).status_code == 403


def test_the_key_is_not_shown(tmp_path: Path) -> None:
    assert "sesame" not in repr(LanguageModel(base_url="", model="", key="sesame", budget=DayBudget()))
