"""What a batch's report says of its rows."""

from datetime import date

from matches.quality import MOST_SHOWN, report
from matches.sources.rows import Row


def row(line: int, home_goals: int | None = 1, **stats: int) -> Row:
    return Row(
        line=line,
        competition="E0",
        season="2324",
        date=date(2023, 8, 12),
        kickoff=None,
        home="A",
        away="B",
        home_goals=home_goals,
        away_goals=None if home_goals is None else 1,
        stats=stats,
    )


def test_shares_of_what_is_missing_are_of_finished_matches() -> None:
    rows = [row(n, home_shots=10 + n % 3) for n in range(8)] + [row(8), row(9), row(10, None), row(11, None)]
    told = report(rows)
    assert (told["finished"], told["to_be_played"], told["without_odds"]) == (10, 2, 1.0)
    assert told["missing"] == {"home_goals": 0.0, "away_goals": 0.0, "home_shots": 0.2}
    assert told["warnings"] == ["home_shots is missing in 20% of the finished matches."]


def test_a_tenth_missing_is_borne() -> None:
    assert report([row(n, home_shots=9) for n in range(9)] + [row(9)])["warnings"] == []


def test_a_value_beyond_three_sigmas_is_told_with_its_line() -> None:
    # 99 ones and one 9: mean 1.08, sd 0.796, so the nine lies 9.9 sigmas out.
    told = report([row(n) for n in range(99)] + [row(99, 9)])
    assert told["outliers"] == [{"line": 99, "column": "home_goals", "value": 9, "sigmas": 9.9}]
    assert told["outlier_count"] == 1


def test_equal_values_have_no_outliers() -> None:
    assert report([row(n) for n in range(10)])["outliers"] == []


def test_no_more_outliers_are_listed_than_a_person_reads() -> None:
    told = report([row(n) for n in range(990)] + [row(n, 9) for n in range(30)])
    assert (len(told["outliers"]), told["outlier_count"]) == (MOST_SHOWN, 30)


def test_an_empty_batch_has_a_report() -> None:
    assert report([]) == {
        "finished": 0,
        "to_be_played": 0,
        "without_odds": 0.0,
        "missing": {},
        "outliers": [],
        "outlier_count": 0,
        "warnings": [],
    }
