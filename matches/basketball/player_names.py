"""Which player a name means. Where it could be several, they are listed; nobody is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches

from django.db.models import Q

from matches.basketball.known_players import OTHER_NAMES
from matches.basketball.player_keys import fold
from matches.errors import AmbiguousPlayer, UnknownPlayer
from matches.models import Player, PlayerAlias, Sport, Team

NEAR_NAMES, LEAST_LIKENESS = 5, 0.6
MOST_FOUND = 20
SHORTEST_KEY_OF_NAME = 2


def resolve_player(name: str, *, team: str = "", is_simulated: bool | None = None) -> Player:
    """The player a name means, with `team` (a code or a name) as a hint where several are called so.

    A spelling known to the letter comes first, then one that differs by accents, dots, capitals or Jr.; then what
    sources are known to call a player. `is_simulated` None searches real and simulated players. Raises UnknownPlayer,
    with names spelled nearly so, and AmbiguousPlayer, with those who could be meant.
    """
    names = PlayerNames(is_simulated=is_simulated)
    among = names.of_team(team) if team else ()
    return names.player(name, among=among)


def find_players(query: str, *, limit: int = MOST_FOUND, sport: str = Sport.BASKETBALL) -> list[Player]:
    """Players whose names have all the words of a query, the nearest first; those spelled nearly so after them."""
    key = fold(query)
    if not key:
        return []
    aliases = PlayerAlias.objects.filter(player__sport=sport).select_related("player__team")
    named = aliases
    for word in key.split():
        named = named.filter(key__contains=word)
    found = {alias.player_id: alias.player for alias in sorted(named, key=lambda alias: _rank(key, alias))}
    if len(found) < limit:
        keys = list(aliases.order_by().values_list("key", flat=True).distinct())
        near = get_close_matches(key, keys, n=limit, cutoff=LEAST_LIKENESS)
        for alias in sorted(aliases.filter(key__in=near), key=lambda alias: near.index(alias.key)):
            found.setdefault(alias.player_id, alias.player)
    return list(found.values())[:limit]


def _rank(key: str, alias: PlayerAlias) -> tuple[int, float, str]:
    """The whole name before its beginning, a word's beginning before its middle."""
    words = alias.key.split()
    starts = all(any(word.startswith(asked) for word in words) for asked in key.split())
    place = 0 if alias.key == key else 1 if alias.key.startswith(key) else 2 if starts else 3
    return place, -SequenceMatcher(None, key, alias.key).ratio(), alias.key


class PlayerNames:
    """All names of one sport's players, read once: for resolving many."""

    def __init__(self, *, sport: str = Sport.BASKETBALL, is_simulated: bool | None = False) -> None:
        aliases = PlayerAlias.objects.filter(player__sport=sport).select_related("player__team")
        if is_simulated is not None:
            aliases = aliases.filter(player__is_simulated=is_simulated)
        self._sport = sport
        self._players: dict[int, Player] = {}
        self._by_alias: dict[str, set[int]] = defaultdict(set)
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._display: dict[str, str] = {}
        for alias in aliases:
            self._players[alias.player_id] = alias.player
            self._by_alias[alias.alias].add(alias.player_id)
            self._by_key[alias.key].add(alias.player_id)
            self._display.setdefault(alias.key, alias.player.name)

    def of_team(self, told: str) -> list[int]:
        """Ids of the players whose latest team is meant by a code or a name; none where there is no such team."""
        team = Team.objects.filter(
            Q(abbreviation__iexact=told) | Q(name__iexact=told) | Q(aliases__alias__iexact=told), sport=self._sport
        ).first()
        return [player.pk for player in self._players.values() if team is not None and player.team_id == team.pk]

    def player(self, name: str, *, among: Collection[int] = ()) -> Player:
        """The player a name means; `among` are ids of those it is likely to be, as who played in the game.

        Only among those are initials (`S. Gilgeous-Alexander`) and turned names (`Wembanyama Victor`) understood.
        Raises UnknownPlayer and AmbiguousPlayer.
        """
        for found in self._ways(name, among):
            if len(found) > 1 and among:
                found = found & set(among) or found
            if len(found) == 1:
                return self._players[next(iter(found))]
            if found:
                raise AmbiguousPlayer(name, sorted((self._players[pk] for pk in found), key=_by_name))
        raise UnknownPlayer(name, self._near(fold(name)))

    def _ways(self, name: str, among: Collection[int]) -> Iterable[set[int]]:
        """Who is called so, one way of understanding a name after the other."""
        key = fold(name)
        yield self._by_alias.get(" ".join(name.split()), set())
        yield self._by_key.get(key, set())
        yield self._by_key.get(OTHER_NAMES.get(key, ""), set())
        if among:
            yield {pk for pk in among if any(_is_short_for(key, own) for own in self._keys_of(pk))}

    def _keys_of(self, pk: int) -> list[str]:
        player = self._players.get(pk)
        return [fold(player.name)] if player else []

    def _near(self, key: str) -> list[str]:
        near = get_close_matches(key, list(self._by_key), n=NEAR_NAMES, cutoff=LEAST_LIKENESS)
        return list(dict.fromkeys(self._display[found] for found in near))


def _is_short_for(told: str, own: str) -> bool:
    """Whether a key is another's with the given name cut short (`mil bridges`), or with its words turned."""
    told_words, own_words = told.split(), own.split()
    if len(told_words) < SHORTEST_KEY_OF_NAME or len(own_words) < SHORTEST_KEY_OF_NAME:
        return False
    if told_words[1:] == own_words[1:] and own_words[0].startswith(told_words[0]):
        return True
    return len(told_words) == len(own_words) and [*told_words[1:], told_words[0]] == own_words


def _by_name(player: Player) -> tuple[str, int]:
    return player.name, player.pk
