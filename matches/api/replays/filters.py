"""What lists of replays may be narrowed to."""

import django_filters

from matches.models import Playlist, Replay


class ReplayFilters(django_filters.FilterSet):  # type: ignore[misc]  # published without types
    status = django_filters.ChoiceFilter(choices=Replay.Status.choices)
    playlist = django_filters.ChoiceFilter(choices=Playlist.choices)

    class Meta:
        model = Replay
        fields = ("status", "playlist")
