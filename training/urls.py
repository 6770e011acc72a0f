"""Where the coach's pages are: all below /coach/."""

from django.urls import URLPattern, URLResolver, path

from training.views import dashboard, packs, players, replay, replays, sessions, settings

app_name = "training"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("analyse/", dashboard.analyse, name="analyse"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/plan/", sessions.plan, name="session-plan"),
    path("sessions/log/", sessions.log, name="session-log"),
    path("sessions/<int:pk>/done/", sessions.complete, name="session-complete"),
    path("sessions/<int:pk>/skip/", sessions.skip, name="session-skip"),
    path("sessions/<int:pk>/remove/", sessions.remove, name="session-remove"),
    path("packs/", packs.packs, name="packs"),
    path("packs/<slug:kind>/<int:pk>/rate/", packs.rate, name="practice-rate"),
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
    path("settings/discord/", settings.link_discord, name="link-discord"),
    path("settings/discord/unlink/", settings.unlink_discord, name="unlink-discord"),
    path("players/", players.players, name="players"),
    path("players/<int:pk>/", dashboard.player, name="player"),
    path("players/offers/<int:pk>/accept/", players.accept, name="accept-player"),
    path("replays/<uuid:pk>/", replay.replay, name="replay"),
    path("replays/<uuid:pk>/scenes", replay.scenes, name="scenes"),
    path("replays/", replays.replays, name="replays"),
    path("replays/<uuid:pk>/retry/", replays.retry, name="replay-retry"),
    path("replays/<uuid:pk>/remove/", replays.remove, name="replay-remove"),
]
