import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.backtesting.picking import PICKS, STAKES
from predictions.backtesting.strategies import PRESETS, Pick, Stake, Strategy, parse, parse_all
from predictions.errors import InvalidBacktest


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_found_again_by_its_name(name: str) -> None:
    assert parse(name).name == name
    assert parse(name).title == PRESETS[name][1]


@given(
    pick=st.sampled_from(Pick),
    stake=st.sampled_from(Stake),
    margin=st.sampled_from([0.0, 0.03]),
    fraction=st.sampled_from([0.1, 1.0]),
    cap=st.sampled_from([0.02, 1.0]),
)
def test_any_strategy_is_found_again_by_its_name(
    pick: Pick, stake: Stake, margin: float, fraction: float, cap: float
) -> None:
    strategy = Strategy(pick=pick, stake=stake, margin=margin, fraction=fraction, cap=cap)
    assert parse(strategy.name) == strategy


def test_parameters_change_a_preset() -> None:
    strategy = parse("kelly-quarter:margin=0.05, cap=0.1")
    assert (strategy.stake, strategy.fraction, strategy.margin, strategy.cap) == (Stake.KELLY, 0.25, 0.05, 0.1)
    assert strategy.title == "Value, EV above 5.0%, 0.25 of Kelly's stake, at most 10% a bet"


def test_every_name_has_its_function() -> None:
    assert set(PICKS) == set(Pick)
    assert set(STAKES) == set(Stake)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("martingale", "no strategy 'martingale': known are value"),
        ("kelly:fraction=0", "fraction .* above 0 and at most 1, not 0"),
        ("kelly:fraction=7", "at most 1, not 7"),
        ("value:margin=-0.1", "at least 0"),
        ("value:margin=nan", "not nan"),
        ("value:margin=plenty", "margin is a number"),
        ("value:unit=2", "at most 1, not 2"),
        ("value:odds=0.5", "at least 1"),
        ("confidence:threshold=1", "at most 0.99"),
        ("value:stake=all", "stake is one of flat, kelly"),
        ("value:luck=1", "no parameter of a strategy"),
        ("value:margin", "write NAME=VALUE"),
    ],
)
def test_nonsense_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidBacktest, match=words):
        parse(text)


def test_none_and_too_many_are_refused_and_doubles_count_once() -> None:
    with pytest.raises(InvalidBacktest, match="at least one"):
        parse_all([])
    with pytest.raises(InvalidBacktest, match="at most 8"):
        parse_all([f"value:margin=0.{n}" for n in range(1, 10)])
    assert len(parse_all(["value", "value", "value:margin=0"])) == 1
