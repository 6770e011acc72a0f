import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from matches.errors import UnreadableFile
from matches.models import Playlist, RankedGame, RankGroup
from matches.rocket_league.ranked_games import import_ranked_games

pytestmark = pytest.mark.django_db
HEADER = "replay_id,rank,rank_tier,team,duration,core_shots,core_mvp,positioning_goals_against_while_last_defender\n"
GOOD = (
    "m1,diamond-2,14,blue,300,3,False,\nm1,diamond-2,14,orange,300,1,True,2\nm2,grand-champion,19,blue,310,0,False,1\n"
)


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(text)
    return path


def test_it_takes_in_a_row_a_player_and_match(tmp_path: Path) -> None:
    imported = import_ranked_games(table(tmp_path, HEADER + GOOD))
    assert (imported.rows, imported.created, imported.refused) == (3, 3, ())
    first, second = RankedGame.objects.filter(match_key="m1")
    assert (first.key, second.key, first.source) == ("m1:1", "m1:2", "rows.csv")
    assert (first.playlist, first.rank_group, first.rank_tier) == (
        Playlist.RANKED_STANDARD,
        RankGroup.DIAMOND,
        "diamond-2",
    )
    assert first.statistics == {"duration": 300.0, "core_shots": 3.0, "core_mvp": 0.0}
    assert second.statistics["positioning_goals_against_while_last_defender"] == 2
    assert not first.is_simulated
    assert RankedGame.objects.get(match_key="m2").rank_group == RankGroup.GRAND_CHAMPION


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + GOOD)
    import_ranked_games(path)
    before = list(RankedGame.objects.values_list("pk", flat=True))
    again = import_ranked_games(path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert list(RankedGame.objects.values_list("pk", flat=True)) == before


def test_a_changed_row_is_replaced_by_one_of_a_newer_key(tmp_path: Path) -> None:
    import_ranked_games(table(tmp_path, HEADER + GOOD))
    newest = RankedGame.objects.latest("pk").pk
    imported = import_ranked_games(table(tmp_path, HEADER + GOOD.replace("300,3", "300,4")))
    assert (imported.created, imported.updated, imported.unchanged) == (0, 1, 2)
    changed = RankedGame.objects.get(key="m1:1")
    assert changed.statistics["core_shots"] == 4
    assert changed.pk > newest


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("m3,wood-1,1,blue,300,3,False,", "'wood-1' is not a rank"),
        (",gold-1,7,blue,300,3,False,", "which match"),
        ("m3,gold-1,7,blue,300,many,False,", "core_shots is 'many'"),
        ("m3,gold-1,7,blue,300,-1,False,", "core_shots can't be -1"),
        ("m3,gold-1,7,blue,300,nan,False,", "core_shots can't be nan"),
        ("m3,gold-1,7,blue,,3,False,", "how long"),
        ("m3,gold-1,7,blue,300", "fields"),
        ("m3,gold-1,7,blue,300,3,False,,9", "fields"),
    ],
)
def test_a_bad_row_is_left_out_and_told_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    imported = import_ranked_games(table(tmp_path, HEADER + line + "\n" + GOOD))
    assert imported.created == 3
    assert [refused.line for refused in imported.refused] == [2]
    assert reason in imported.refused[0].reason


def test_another_table_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no column replay_id, rank, duration"):
        import_ranked_games(table(tmp_path, "a,b\n1,2\n"))
    with pytest.raises(UnreadableFile):
        import_ranked_games(tmp_path / "nothing.csv")
    (tmp_path / "rows.csv").write_bytes(HEADER.encode() + b"m1,gold-1,\xff\n")
    with pytest.raises(UnreadableFile):
        import_ranked_games(tmp_path / "rows.csv")
    assert not RankedGame.objects.exists()


def test_the_command_tells_what_became_of_the_rows(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + "m3,wood-1,1,blue,300,3,False,\n" + GOOD)
    out = StringIO()
    call_command("import_ranked_games", path, playlist="ranked-doubles", json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert told["created"] == 3
    assert told["refused"] == [{"line": 2, "reason": "'wood-1' is not a rank, such as diamond-2."}]
    assert RankedGame.objects.filter(playlist="ranked-doubles").count() == 3
    out = StringIO()
    call_command("import_ranked_games", path, playlist="ranked-doubles", stdout=out)
    assert "4 rows: 0 new, 0 changed, 3 as before, 1 refused." in out.getvalue()
    assert "line 2: 'wood-1' is not a rank" in out.getvalue()
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_ranked_games", tmp_path / "nothing.csv")


def test_the_real_table_comes_in_whole(real_ranked_games: Path) -> None:
    imported = import_ranked_games(real_ranked_games)
    assert (imported.created, imported.refused) == (1548, ())
    assert RankedGame.objects.values("match_key").distinct().count() == 258
