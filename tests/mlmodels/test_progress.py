import pytest

from mlmodels.progress import progress_bar


def test_a_shown_bar_says_how_far_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(shown=True) as report:
        report(0.25, "Loading")
        report(1.0, "Saving")
    drawn = capsys.readouterr().err
    assert "100%" in drawn
    assert "Saving" in drawn


def test_a_bar_that_is_not_shown_draws_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(shown=False) as report:
        report(1.0, "Saving")
    assert capsys.readouterr() == ("", "")
