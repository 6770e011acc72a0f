"""Making one player of two that are the same person under two names."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction

from matches.basketball.player_keys import fold
from matches.errors import PlayersDiffer
from matches.models import Player, PlayerAlias, PlayerGame


@transaction.atomic
def merge_players(merged: Player, *, into: Player) -> int:
    """Give `into` every game, line, report and name of `merged`; returns how many games moved.

    What both have of one kind, as a line of one bookmaker at one time, stays as `into` has it. Predictions already
    written name `merged` for ever. Raises PlayersDiffer where the two can't be one person: of two sports, simulated and
    real, with two ids of the source, or both with a line of one game.
    """
    players = Player.objects.select_for_update().in_bulk([merged.pk, into.pk])
    if len(players) != 2:
        raise PlayersDiffer("Choose two players that are there still.")
    merged, into = players[merged.pk], players[into.pk]
    _refuse_strangers(merged, into)
    moved = merged.games.count()
    for relation in Player._meta.related_objects:  # noqa: SLF001 - how Django tells them
        _move(relation, merged, into)
    PlayerAlias.objects.get_or_create(player=into, alias=merged.name, defaults={"key": fold(merged.name)})
    external_id, position = merged.external_id, merged.position
    merged.delete()
    into.external_id, into.position = into.external_id or external_id, into.position or position
    last = into.games.order_by("-match__date", "-pk").first()
    into.team_id = last.team_id if last else into.team_id or merged.team_id
    into.save()
    return moved


def _refuse_strangers(merged: Player, into: Player) -> None:
    if (merged.sport, merged.is_simulated) != (into.sport, into.is_simulated):
        raise PlayersDiffer(f"{merged} and {into} are of different sports or worlds: they can't be one person.")
    if merged.external_id and into.external_id:
        raise PlayersDiffer(
            f"{merged} and {into} have an id of the source each, {merged.external_id} and {into.external_id}."
        )
    played = PlayerGame.objects.filter(player=into).values("match_id")
    both = (
        PlayerGame.objects.filter(player=merged, match__in=played).select_related("match__home", "match__away").first()
    )
    if both is not None:
        raise PlayersDiffer(f"{merged} and {into} both played in {both.match}: delete one of the two lines first.")


def _move(relation: models.ForeignObjectRel, merged: Player, into: Player) -> None:
    """Point one kind of rows at the player who stays; a row that he has already goes."""
    name = relation.field.name
    for row in relation.related_model._base_manager.filter(**{name: merged}):  # noqa: SLF001 - all rows, as deletion sees
        setattr(row, name, into)
        try:
            with transaction.atomic():
                row.save(update_fields=[name])
        except IntegrityError:
            row.delete()
