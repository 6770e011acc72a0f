import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from matches.errors import FileTooLarge, UnreadableFile
from matches.models import NewsItem, TextSignal
from matches.news.importing import import_news
from tests.matches.conftest import WriteFile
from tests.matches.news.conftest import known_player

pytestmark = pytest.mark.django_db
CSV = """player,published_at,title,text,source,url
Nikola Jokic,2024-01-09T18:00:00+00:00,Jokić questionable,A sore back.,Wire,https://example.org/1
Nikola Jokić,2024-01-10T18:00:00Z,Jokić questionable,A sore back.,Wire,
Nobody Known,2024-01-09T18:00:00Z,Out,,Wire,
Nikola Jokic,yesterday,Out,,Wire,
Nikola Jokic,2024-01-09T18:00:00,Out,,Wire,
Nikola Jokic,2999-01-09T18:00:00Z,Out,,Wire,
Nikola Jokic,2024-01-09T18:00:00Z,,,Wire,
Nikola Jokic,2024-01-09T18:00:00Z,Out,,Wire,javascript:alert(1)
,2024-01-09T18:00:00Z,Out,,Wire,
"""


def test_good_rows_land_and_bad_ones_are_told_with_line_and_reason(write: WriteFile) -> None:
    jokic = known_player("Nikola Jokić")
    told = import_news(write("news.csv", CSV))
    assert (told.rows, told.created, told.unchanged) == (9, 2, 0)
    assert [(refused.line, refused.code) for refused in told.refused] == [
        (4, "unknown_player"),
        (5, "bad_time"),
        (6, "no_zone"),
        (7, "in_the_future"),
        (8, "no_words"),
        (9, "bad_url"),
        (10, "no_player"),
    ]
    assert set(NewsItem.objects.values_list("player", flat=True)) == {jokic.pk}


def test_the_same_file_twice_changes_nothing(write: WriteFile) -> None:
    known_player("Nikola Jokić")
    path = write("news.csv", CSV)
    import_news(path)
    before = list(NewsItem.objects.values())
    again = import_news(path)
    assert (again.created, again.unchanged) == (0, 2)
    assert list(NewsItem.objects.values()) == before


def test_the_same_words_on_one_day_count_once_from_when_they_were_first_known(write: WriteFile) -> None:
    known_player("Ann Example")
    rows = [
        {"player": "Ann Example", "published_at": f"2024-01-09T{hour}:00:00Z", "title": "Out", "source": source}
        for hour, source in (("20", "Late"), ("08", "Early"))
    ]
    told = import_news(write("news.json", json.dumps(rows)))
    assert (told.created, told.unchanged) == (1, 1)
    assert NewsItem.objects.get().source == "Early"


def test_two_players_of_one_name_are_told_apart_by_id_and_never_guessed(write: WriteFile) -> None:
    known_player("Ann Example", external_id="1")
    second = known_player("Ann Example", external_id="2")
    row = {"player": "Ann Example", "published_at": "2024-01-09T08:00:00Z", "title": "Out"}
    told = import_news(write("news.json", json.dumps([row, row | {"player_id": 2}, 7])))
    assert [(refused.line, refused.code) for refused in told.refused] == [(1, "ambiguous_player"), (3, "no_object")]
    assert NewsItem.objects.get().player == second


@pytest.mark.parametrize("content", ["{}", "[", "", '"words"', "[" * 100_000])
def test_what_is_no_list_of_news_is_refused_whole(write: WriteFile, content: str) -> None:
    with pytest.raises(UnreadableFile):
        import_news(write("news.json", content))


def test_a_file_that_is_missing_or_too_large_is_refused(write: WriteFile, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        import_news(tmp_path / "none.csv")
    settings.MAX_IMPORT_BYTES = 10
    with pytest.raises(FileTooLarge):
        import_news(write("news.csv", CSV))


def test_the_command_tells_what_came_of_each_file(write: WriteFile, settings: Settings) -> None:
    settings.TEXT_SIGNALS_PROVIDER = "lexicon"
    known_player("Nikola Jokić")
    out = StringIO()
    with pytest.raises(CommandError, match=r"none\.csv"):
        call_command("import_news", write("news.csv", CSV), "none.csv", "--score", stdout=out)
    assert "9 rows, 2 new, 0 unchanged, 7 refused" in out.getvalue()
    assert "line 6: 2024-01-09T18:00:00 has no time zone" in out.getvalue()
    assert set(TextSignal.objects.values_list("availability", flat=True)) == {"questionable"}


def test_the_command_speaks_json(write: WriteFile) -> None:
    out = StringIO()
    call_command("import_news", write("news.csv", CSV), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["files"][0]["created"], told["files"][0]["refused"][0]["code"]) == (0, "unknown_player")
