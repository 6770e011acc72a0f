"""Cleaning of bookmakers' quotes on players, by hand."""

import numpy as np
import pytest

from predictions.basketball.market import best_prices, fair_over
from predictions.basketball.market_quotes import Quotes, cleaned, longest, median_lines, of_places
from predictions.devig import power

NAN = float("nan")


def quotes(*each: tuple[int, str, float, float, float]) -> Quotes:
    """Quotes (key, book, line, over, under)."""
    row, book, line, over, under = zip(*each, strict=True)
    return Quotes(
        row=np.array(row),
        book=np.array(book, dtype=object),
        line=np.array(line),
        over=np.array(over),
        under=np.array(under),
        quoted_at=np.full(len(row), np.datetime64("2024-01-01T00:00:00", "us")),
    )


def test_the_median_of_an_even_number_of_lines_is_the_lower_so_that_a_book_quotes_it() -> None:
    found = median_lines(
        quotes((1, "A", 25.5, 1.9, 1.9), (1, "B", 20.5, 1.9, 1.9), (0, "A", 9.5, 1.9, 1.9), (1, "C", 24.5, 1.9, 1.9)), 3
    )
    assert found.tolist() == pytest.approx([9.5, 24.5, NAN], nan_ok=True)
    assert median_lines(quotes((0, "A", 25.5, 1.9, 1.9), (0, "B", 24.5, 1.9, 1.9)), 1).tolist() == [24.5]


def test_prices_far_from_even_are_dropped_at_mis_paired_books_alone() -> None:
    left = cleaned(quotes((0, "Unibet", 24.5, 2.75, 1.5), (0, "Caesars", 24.5, 2.75, 1.5)), 1)
    assert left.book.tolist() == ["Caesars"]
    assert left.dropped == {"prices far from even at a book that mis-pairs them": 1}


def test_a_line_far_from_the_median_and_prices_that_are_not_of_one_line_are_dropped_and_counted() -> None:
    left = cleaned(
        quotes(
            (0, "A", 24.5, 1.9, 1.9),
            (0, "B", 24.5, 1.9, 1.9),
            (0, "C", 27.0, 1.9, 1.9),
            (0, "D", 26.5, 1.9, NAN),
            (0, "E", 24.5, 2.1, 2.1),
            (0, "F", 24.5, 1.7, 1.7),
        ),
        1,
    )
    assert left.book.tolist() == ["A", "B", "D"]
    assert left.dropped == {"margin that no book asks": 2, "line more than 2 from the median": 1}


def test_the_market_is_the_mean_of_the_books_at_the_line_without_their_margins() -> None:
    given = quotes(
        (0, "A", 24.5, 1.8, 2.0), (0, "B", 24.5, 1.95, 1.85), (0, "C", 25.5, 2.5, 1.5), (1, "A", 9.5, 1.9, NAN)
    )
    over = fair_over(given, np.array([24.5, 9.5]))
    assert over[0] == pytest.approx(power([[1.8, 2.0], [1.95, 1.85]])[:, 0].mean())
    assert np.isnan(over[1])


def test_the_best_price_of_each_side_is_of_any_book_at_the_line() -> None:
    given = quotes((0, "A", 24.5, 1.8, 2.0), (0, "B", 24.5, 1.95, 1.85), (0, "C", 25.5, 2.5, 1.5))
    over, under = best_prices(given, np.array([24.5, NAN]))
    assert (over[0], under[0]) == (1.95, 2.0)
    assert np.isnan([over[1], under[1]]).all()


def test_of_equal_prices_the_first_book_is_taken() -> None:
    places = longest(np.array([0, 0, 1]), np.array([1.9, 1.9, NAN]), 2)
    assert places.tolist() == [0, -1]
    assert of_places(np.array(["A", "B", "C"], dtype=object), places, "").tolist() == ["A", ""]
