"""Who someone is, what they allowed, and the keys their programs carry."""

from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name} is not a time zone that Touchline knows, such as Europe/London.")


class User(AbstractUser):
    """A person, known by e-mail address."""

    class OddsFormat(models.TextChoices):
        DECIMAL = "decimal", "Decimal (2.50)"
        FRACTIONAL = "fractional", "Fractional (3/2)"
        AMERICAN = "american", "American (+150)"

    username = None  # type: ignore[assignment]  # signing in is by e-mail only
    email = models.EmailField("e-mail address", unique=True)
    display_name = models.CharField(max_length=60, blank=True, help_text="What pages call you. Only you see it.")
    timezone = models.CharField("time zone", max_length=64, default="UTC", validators=[validate_timezone])
    odds_format = models.CharField(max_length=10, choices=OddsFormat, default=OddsFormat.DECIMAL)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # no username to manage

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique_ignoring_case"),)

    def __str__(self) -> str:
        return self.email

    @property
    def shown_name(self) -> str:
        return self.display_name or self.email.partition("@")[0]

    @cached_property
    def is_adult_confirmed(self) -> bool:
        """Whether this person said that they are 18 or older; asked of the database once per request."""
        return self.consents.active().filter(kind=Consent.Kind.ADULT).exists()


class ConsentQuerySet(models.QuerySet["Consent"]):
    def active(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One thing that a person allowed or declared, in the wording of `version`, until they took it back."""

    class Kind(models.TextChoices):
        ADULT = "adult", "I am 18 or older"
        HEALTH_DATA = "health-data", "Touchline may keep and use my health data"
        LLM = "llm", "My questions may be sent to a language model"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveSmallIntegerField(default=1, help_text="Which wording the person saw.")
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Consent"]] = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("-granted_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "kind"], condition=models.Q(withdrawn_at=None), name="consent_one_active_per_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=models.F("granted_at")),
                name="consent_withdrawn_after_granted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class ApiKey(models.Model):
    """A program's right to act for a person. Only a hash is kept: the key itself is shown once, when made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60, help_text="Where this key is used, so that you know which one to revoke.")
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    hashed_key = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PlatformAccount(models.Model):
    """Who somebody is on a gaming platform, so that their own row in a replay is found.

    A verified one came from signing in there, and belongs to one person; what somebody merely states may be stated by
    others too.
    """

    class Platform(models.TextChoices):
        STEAM = "steam", "Steam"
        EPIC = "epic", "Epic Games"
        PLAYSTATION = "ps4", "PlayStation"
        XBOX = "xbox", "Xbox"
        SWITCH = "switch", "Nintendo Switch"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="platform_accounts")
    platform = models.CharField(max_length=10, choices=Platform)
    platform_id = models.CharField("id there", max_length=64)
    name = models.CharField(max_length=100, blank=True, help_text="What the platform calls this person.")
    is_verified = models.BooleanField(default=False)
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("platform", "linked_at")
        constraints = (
            models.UniqueConstraint(fields=["user", "platform", "platform_id"], name="platform_account_once_a_person"),
            models.UniqueConstraint(
                fields=["platform", "platform_id"],
                condition=models.Q(is_verified=True),
                name="platform_account_verified_by_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_platform_display()}: {self.name or self.platform_id}"


class CoachGrantQuerySet(models.QuerySet["CoachGrant"]):
    def in_force(self) -> Self:
        """Granted, accepted by the coach, and not taken back."""
        return self.filter(withdrawn_at=None, coach__isnull=False)


class CoachGrant(models.Model):
    """A player's word that a coach may see their play and training, from the coach's acceptance until withdrawn."""

    player = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants_given")
    coach_email = models.EmailField("coach's e-mail address", help_text="Whom it was offered to.")
    coach = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="grants_received")
    granted_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["CoachGrant"]] = CoachGrantQuerySet.as_manager()

    class Meta:
        ordering = ("-granted_at",)
        constraints = (
            models.UniqueConstraint(
                "player", Lower("coach_email"), condition=models.Q(withdrawn_at=None), name="coach_grant_one_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(coach=None) | ~models.Q(coach=models.F("player")), name="coach_grant_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(coach=None, accepted_at=None)
                | models.Q(coach__isnull=False, accepted_at__isnull=False),
                name="coach_grant_accepted_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.player} → {self.coach_email}"
