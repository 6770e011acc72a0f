"""What happened in the arena: replays, who played in them, ranks, and games of known rank to compare with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User


class Playlist(models.TextChoices):
    """As ballchasing names them."""

    RANKED_DUELS = "ranked-duels", "Ranked Duel"
    RANKED_DOUBLES = "ranked-doubles", "Ranked Doubles"
    RANKED_STANDARD = "ranked-standard", "Ranked Standard"
    UNRANKED_DUELS = "unranked-duels", "Casual Duel"
    UNRANKED_DOUBLES = "unranked-doubles", "Casual Doubles"
    UNRANKED_STANDARD = "unranked-standard", "Casual Standard"
    UNRANKED_CHAOS = "unranked-chaos", "Chaos"
    PRIVATE = "private", "Private match"
    TOURNAMENT = "tournament", "Tournament"
    SEASON = "season", "Season (offline)"
    OFFLINE = "offline", "Offline"
    HOOPS = "ranked-hoops", "Hoops"
    RUMBLE = "ranked-rumble", "Rumble"
    DROPSHOT = "ranked-dropshot", "Dropshot"
    SNOW_DAY = "ranked-snowday", "Snow Day"
    OTHER = "other", "Another playlist"


class RankGroup(models.TextChoices):
    """Ranks without their tiers, lowest first."""

    BRONZE = "bronze", "Bronze"
    SILVER = "silver", "Silver"
    GOLD = "gold", "Gold"
    PLATINUM = "platinum", "Platinum"
    DIAMOND = "diamond", "Diamond"
    CHAMPION = "champion", "Champion"
    GRAND_CHAMPION = "grand-champion", "Grand Champion"
    SUPERSONIC_LEGEND = "supersonic-legend", "Supersonic Legend"


class ReplayQuerySet(models.QuerySet["Replay"]):
    def of(self, user: User) -> Self:
        """Replays that a person brought in, the newest match first."""
        return self.filter(owners__user=user).order_by("-played_at", "-received_at")

    def processed(self) -> Self:
        return self.filter(status=Replay.Status.PROCESSED)


class Replay(models.Model):
    """One recorded match. The file is kept, so that statistics can be worked out anew by a later extractor.

    The same match may have been recorded by several players: `guid` is the recording's own id, `sha256` the file's.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        PROCESSING = "processing", "Being read"
        PROCESSED = "processed", "Ready"
        FAILED = "failed", "Could not be read"

    class Source(models.TextChoices):
        WEB = "web", "Uploaded on the web"
        API = "api", "Uploaded by a program"
        FOLDER = "folder", "Imported from a folder"
        BALLCHASING = "ballchasing", "ballchasing.com"
        SIMULATOR = "simulator", "Simulated"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)
    guid = models.CharField("the replay's own id", max_length=64, blank=True)
    file = models.FileField(upload_to="replays/%Y/%m/", blank=True)
    size = models.PositiveIntegerField("bytes", default=0)
    filename = models.CharField(max_length=255, help_text="What it was called when it first came in.")
    source = models.CharField(max_length=12, choices=Source)
    ballchasing_id = models.CharField(max_length=40, blank=True, db_index=True)
    is_simulated = models.BooleanField(default=False)
    received_at = models.DateTimeField(auto_now_add=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    reason_code = models.SlugField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it could not be read, for a person.")
    attempt = models.PositiveSmallIntegerField(default=0, help_text="Fences the writes of a worker that was replaced.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    parse_seconds = models.FloatField(null=True, blank=True, help_text="Wall time of reading and counting.")
    extraction_version = models.PositiveSmallIntegerField(default=0)

    played_at = models.DateTimeField(null=True, blank=True, db_index=True)
    playlist = models.CharField(max_length=20, choices=Playlist, blank=True)
    team_size = models.PositiveSmallIntegerField(default=0)
    map_code = models.CharField(max_length=60, blank=True)
    duration = models.FloatField("seconds of play", default=0)
    is_overtime = models.BooleanField(default=False)
    blue_goals = models.PositiveSmallIntegerField(default=0)
    orange_goals = models.PositiveSmallIntegerField(default=0)
    scenes = models.FileField(
        upload_to="scenes/%Y/%m/", blank=True, help_text="What the viewer draws: gzipped, ten pictures a second."
    )

    objects: ClassVar[models.Manager[Replay]] = ReplayQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at",)
        constraints = (
            models.UniqueConstraint(fields=["guid"], condition=~Q(guid=""), name="replay_guid_once"),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(reason=""), name="replay_failed_for_a_reason"),
        )

    def __str__(self) -> str:
        return self.filename


class ReplayOwner(models.Model):
    """Somebody who brought a replay in: they and their coaches may see it."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="owners")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="owned_replays")
    filename = models.CharField(max_length=255, blank=True, help_text="What this person called the file.")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-added_at",)
        constraints = (models.UniqueConstraint(fields=["replay", "user"], name="replay_owner_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.replay}"


class ReplayPlayerQuerySet(models.QuerySet["ReplayPlayer"]):
    def who_are(self, accounts: Iterable[tuple[str, str]]) -> Self:
        """Rows of anyone with one of these (platform, id there)."""
        wanted = Q(pk__in=())
        for platform, platform_id in accounts:
            wanted |= Q(platform=platform, platform_id=platform_id)
        return self.filter(wanted)


class ReplayPlayer(models.Model):
    """One player's part in one match, with statistics under ballchasing's names (`boost_bpm`, `core_shots`)."""

    class Side(models.TextChoices):
        BLUE = "blue", "Blue"
        ORANGE = "orange", "Orange"

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="players")
    side = models.CharField(max_length=6, choices=Side)
    platform = models.CharField(max_length=10, blank=True, help_text="steam, epic, ps4, xbox, switch; empty for bots.")
    platform_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=100)
    is_bot = models.BooleanField(default=False)
    is_short = models.BooleanField(default=False, help_text="Played too little of the match to be measured.")
    seconds = models.FloatField("seconds tracked", default=0)
    won = models.BooleanField(null=True)
    rank_group = models.CharField(max_length=20, choices=RankGroup, blank=True, help_text="Empty: not known.")
    rank_tier = models.CharField(max_length=24, blank=True, help_text="As ballchasing writes it: diamond-2.")
    statistics = models.JSONField(default=dict, help_text="By name, ballchasing's: seconds, uu, uu/s, boost 0..100.")

    objects: ClassVar[models.Manager[ReplayPlayer]] = ReplayPlayerQuerySet.as_manager()

    class Meta:
        ordering = ("replay", "side", "pk")
        indexes = (models.Index(fields=["platform", "platform_id"], name="replay_player_account"),)

    def __str__(self) -> str:
        return f"{self.name} in {self.replay}"


class StatedRank(models.Model):
    """The rank that somebody says they have in a playlist, since replays don't tell."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stated_ranks")
    playlist = models.CharField(max_length=20, choices=Playlist)
    rank_group = models.CharField(max_length=20, choices=RankGroup)
    stated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("user", "playlist")
        constraints = (models.UniqueConstraint(fields=["user", "playlist"], name="stated_rank_one_a_playlist"),)

    def __str__(self) -> str:
        return f"{self.get_rank_group_display()} in {self.get_playlist_display()}"


class BallchasingAccount(models.Model):
    """A person's key to ballchasing.com, and how far their replays were followed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ballchasing")
    encrypted_key = models.TextField()
    name = models.CharField(max_length=100, blank=True, help_text="Whom ballchasing says the key belongs to.")
    is_active = models.BooleanField(default=True)
    resume_url = models.URLField(max_length=500, blank=True, help_text="The page of their list to go on with.")
    synced_until = models.DateTimeField(null=True, blank=True, help_text="The newest upload that was seen.")
    last_synced_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"ballchasing of {self.user}"


class RankedGame(models.Model):
    """One player's statistics in one match at a known rank: what others are compared with and models learn from."""

    source = models.CharField(max_length=60, help_text="Where the rows are from, such as the name of a file.")
    key = models.CharField(max_length=80, help_text="Which row of the source it is.")
    match_key = models.CharField(max_length=64, help_text="Which match: its players are never split apart.")
    playlist = models.CharField(max_length=20, choices=Playlist)
    rank_group = models.CharField(max_length=20, choices=RankGroup)
    rank_tier = models.CharField(max_length=24, blank=True)
    played_at = models.DateTimeField(null=True, blank=True)
    is_simulated = models.BooleanField(default=False)
    statistics = models.JSONField(help_text="By name, ballchasing's.")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("source", "key")
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="ranked_game_once"),)
        indexes = (models.Index(fields=["playlist", "rank_group"], name="ranked_game_where"),)

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"
