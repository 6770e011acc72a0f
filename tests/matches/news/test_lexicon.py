import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.news import lexicon_words
from matches.news.lexicon import Lexicon
from matches.news.providers import AVAILABILITIES, Reading


def read(title: str, text: str = "") -> Reading:
    return Lexicon().read(player="Ann Example", title=title, text=text)


@pytest.mark.parametrize(
    ("words", "availability"),
    [
        ("Example (ankle) is out for the season", "out"),
        ("Example has been ruled out for Tuesday's game", "out"),
        ("Example won’t play against Denver", "out"),
        ("Example will not play tonight", "out"),
        ("Example is doubtful with knee soreness", "doubtful"),
        ("Example is not expected to play", "doubtful"),
        ("Example (illness) questionable for Friday", "questionable"),
        ("Example is day-to-day with a sprained wrist", "questionable"),
        ("Example is probable for Sunday", "probable"),
        ("Example returned to practice on Monday", "probable"),
        ("Example is not questionable any more", "probable"),
        ("Example could be sidelined", "doubtful"),
        ("Example scored 31 points in a win", "unknown"),
        ("Doctors have ruled out a fracture", "unknown"),
        ("Example is out for revenge", "unknown"),
    ],
)
def test_it_reads_what_is_said_of_the_next_game(words: str, availability: str) -> None:
    assert read(words).availability == availability


def test_the_first_sentence_that_speaks_of_the_next_game_counts() -> None:
    assert read("Example questionable", "He will miss no practice. He is out of sorts.").availability == "questionable"


def test_a_negated_injury_is_none() -> None:
    assert read("Example has no injury").injury == 0
    assert read("Doctors have ruled out a fracture").injury == 0


def test_a_hedged_injury_weighs_half() -> None:
    assert read("Example has a strain").injury == pytest.approx(0.5)
    assert read("Example has a mild strain").injury == pytest.approx(0.25)


def test_injuries_add_up_to_less_than_one_and_recovery_takes_its_share() -> None:
    assert read("Sprain and soreness").injury == pytest.approx(1 - 0.5 * 0.7)
    assert read("Sprain and soreness. Returned to practice.").injury == pytest.approx((1 - 0.5 * 0.7) * 0.4)


def test_moods_go_both_ways_and_negation_turns_them_round() -> None:
    assert read("Example is frustrated and benched").morale == pytest.approx(math.tanh(-1.0))
    assert read("Example is not frustrated").morale == pytest.approx(math.tanh(0.25))
    assert read("A revenge game for Example").motivation == pytest.approx(math.tanh(0.6))


def test_the_evidence_is_the_words() -> None:
    assert set(read("Example (ankle sprain) is doubtful").evidence) == {"sprain", "doubtful"}


@given(title=st.text(max_size=80), text=st.text(max_size=300))
def test_any_text_has_a_reading_and_always_the_same(title: str, text: str) -> None:
    assert read(title, text) == read(title, text)


def test_every_phrase_is_found_where_it_stands_alone() -> None:
    phrases = [*lexicon_words.INJURY, *lexicon_words.AVAILABILITY, *lexicon_words.MORALE, *lexicon_words.MOTIVATION]
    for phrase in [*phrases, *lexicon_words.RECOVERY]:
        assert read(phrase).evidence, phrase


def test_what_the_lists_say_of_games_is_what_signals_know() -> None:
    said = {*lexicon_words.AVAILABILITY.values(), *lexicon_words.HEDGED.values(), *lexicon_words.NEGATED.values()}
    assert said <= set(AVAILABILITIES)


@pytest.mark.parametrize("wrong", [{"injury": 1.5}, {"injury": math.nan}, {"morale": -2.0}, {"availability": "gone"}])
def test_no_reading_is_out_of_range(wrong: dict[str, object]) -> None:
    fine = {"injury": 0.0, "availability": "unknown", "morale": 0.0, "motivation": 0.0}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Reading(**{**fine, **wrong})  # type: ignore[arg-type]  # what is wrong is the point
