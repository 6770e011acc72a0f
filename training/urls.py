"""Where the coach's pages are: all below /coach/."""

from django.urls import URLPattern, URLResolver, path

from training.views import players, replay, replays, settings

app_name = "training"
urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/", settings.settings, name="settings"),
    path("settings/ranks/", settings.state_ranks, name="state-ranks"),
    path("settings/accounts/", settings.link_account, name="link-account"),
    path("settings/accounts/<int:pk>/unlink/", settings.unlink_account, name="unlink-account"),
    path("settings/ballchasing/", settings.connect_ballchasing, name="connect-ballchasing"),
    path("settings/ballchasing/forget/", settings.disconnect_ballchasing, name="disconnect-ballchasing"),
    path("settings/ballchasing/sync/", settings.sync_ballchasing, name="sync-ballchasing"),
    path("settings/ballchasing/progress/", settings.ballchasing_progress, name="ballchasing-progress"),
    path("settings/coaches/", settings.offer, name="offer-to-coach"),
    path("settings/coaches/<int:pk>/withdraw/", settings.withdraw, name="withdraw-from-coach"),
    path("players/", players.players, name="players"),
    path("players/offers/<int:pk>/accept/", players.accept, name="accept-player"),
    path("replays/<uuid:pk>/", replay.replay, name="replay"),
    path("replays/<uuid:pk>/scenes", replay.scenes, name="scenes"),
    path("replays/", replays.replays, name="replays"),
    path("replays/<uuid:pk>/retry/", replays.retry, name="replay-retry"),
    path("replays/<uuid:pk>/remove/", replays.remove, name="replay-remove"),
]
