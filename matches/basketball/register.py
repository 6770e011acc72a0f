"""The players that are here, by the source's own ids; those not here yet are entered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Max
from django.utils.text import slugify

from matches.basketball.player_keys import fold
from matches.errors import RowRefused
from matches.landing import BATCH
from matches.models import Player, PlayerAlias, PlayerGame, Sport


class PlayerRegister:
    """One identity for an id, whatever the team and the spelling; each spelling met is kept as an alias."""

    def __init__(self) -> None:
        held = Player.objects.filter(sport=Sport.BASKETBALL, is_simulated=False)
        self._by_id = {player.external_id: player for player in held.exclude(external_id="")}
        self._slugs = set(Player.objects.values_list("slug", flat=True))
        self.created = 0
        self.repositioned: set[str] = set()

    def __contains__(self, external_id: str) -> bool:
        return external_id in self._by_id

    def of_id(self, external_id: str) -> Player:
        """Raises RowRefused where nobody has the id."""
        if external_id not in self._by_id:
            raise RowRefused("unknown_player", f"No player has the id {external_id[:40]}.")
        return self._by_id[external_id]

    def meet(self, told: Iterable[tuple[str, str, str]]) -> None:
        """Enter players of (id, name, position) that are not here, and spellings and positions not known."""
        names: dict[tuple[str, str], None] = {}
        positions: dict[str, str] = {}
        for external_id, name, position in told:
            if name or external_id not in self._by_id:
                names[external_id, name] = None
            if position:
                positions[external_id] = position
        self._enter(names, positions)
        self._write_aliases(names)
        self._write_positions(positions)

    def _enter(self, names: Iterable[tuple[str, str]], positions: dict[str, str]) -> None:
        new: dict[str, Player] = {}
        for external_id, name in names:
            if name and external_id not in self._by_id and external_id not in new:
                position = positions.get(external_id, "")
                new[external_id] = Player(
                    name=name, slug=self._slug(name, external_id), external_id=external_id, position=position
                )
        Player.objects.bulk_create(new.values(), batch_size=BATCH)
        self._by_id |= new
        self.created += len(new)

    def _slug(self, name: str, external_id: str) -> str:
        slug = slugify(fold(name))[:100] or "player"
        if slug in self._slugs:
            slug = f"{slug}-{external_id}"
        self._slugs.add(slug)
        return slug

    def _write_aliases(self, names: Iterable[tuple[str, str]]) -> None:
        told = [(self._by_id[external_id].pk, name) for external_id, name in names if name]
        known = set(PlayerAlias.objects.values_list("player_id", "alias")) if told else set()
        PlayerAlias.objects.bulk_create(
            [
                PlayerAlias(player_id=player, alias=name, key=fold(name))
                for player, name in told
                if (player, name) not in known
            ],
            batch_size=BATCH,
        )

    def _write_positions(self, positions: dict[str, str]) -> None:
        changed = []
        for external_id, position in positions.items():
            player = self._by_id.get(external_id)
            if player is not None and player.position != position:
                player.position = position[:10]
                changed.append(player)
        Player.objects.bulk_update(changed, ["position"], batch_size=BATCH)
        self.repositioned |= {player.external_id for player in changed}

    def move_to_latest_teams(self, appearances: Iterable[tuple[int, date, int]]) -> None:
        """Set each player's team to that of the latest game, given (player, day, team) of the games just taken in."""
        latest: dict[int, tuple[date, int]] = {}
        for player_id, day, team_id in appearances:
            if player_id not in latest or day > latest[player_id][0]:
                latest[player_id] = day, team_id
        last_days = dict(
            PlayerGame.objects.filter(player__sport=Sport.BASKETBALL)
            .order_by()
            .values("player_id")
            .annotate(last=Max("match__date"))
            .values_list("player_id", "last")
        )
        moved = []
        for player in self._by_id.values():
            day_and_team = latest.get(player.pk)
            if day_and_team and day_and_team[0] >= last_days[player.pk] and player.team_id != day_and_team[1]:
                player.team_id = day_and_team[1]
                moved.append(player)
        Player.objects.bulk_update(moved, ["team"], batch_size=BATCH)
