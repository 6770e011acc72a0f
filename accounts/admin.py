"""People, their keys and their consents, for staff."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.evidence import EvidenceAdmin
from accounts.models import ApiKey, CoachGrant, Consent, PlatformAccount, User


class UserCreationForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email",)


class EditUserForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"


class ConsentInline(admin.TabularInline[Consent, User]):
    """What a person declared is theirs to change, and evidence to us: read only."""

    model = Consent
    extra = 0
    can_delete = False
    readonly_fields = ("kind", "version", "granted_at", "withdrawn_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    add_form = UserCreationForm
    form = EditUserForm
    ordering = ("email",)
    list_display = ("email", "display_name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "display_name")
    readonly_fields = ("date_joined", "last_login")
    inlines: ClassVar[Any] = (ConsentInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("How pages look", {"fields": ("display_name", "timezone", "odds_format")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """Keys are made by their owners; staff can only look and revoke."""

    list_display = ("name", "prefix", "user", "created_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__email")
    date_hierarchy = "created_at"
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        return ("user", "name", "prefix", "created_at", "last_used_at", "revoked_at")

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        return self.get_readonly_fields(request, obj)

    @admin.action(description="Revoke the chosen keys", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        revoked = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{revoked} revoked.")


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin[Consent]):
    """Evidence: nobody adds, changes or deletes it here."""

    list_display = ("user", "kind", "version", "granted_at", "withdrawn_at")
    list_filter = ("kind", "withdrawn_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    date_hierarchy = "granted_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False


@admin.register(PlatformAccount)
class PlatformAccountAdmin(EvidenceAdmin[PlatformAccount]):
    """Who people say they are: theirs to change."""

    list_display = ("user", "platform", "platform_id", "name", "is_verified", "linked_at")
    list_filter = ("platform", "is_verified")
    list_select_related = ("user",)
    search_fields = ("user__email", "platform_id", "name")
    date_hierarchy = "linked_at"


@admin.register(CoachGrant)
class CoachGrantAdmin(EvidenceAdmin[CoachGrant]):
    """Who lets whom see their play. Staff can end a grant, and never make one."""

    list_display = ("player", "coach_email", "coach", "granted_at", "accepted_at", "withdrawn_at")
    list_filter = ("accepted_at", "withdrawn_at")
    list_select_related = ("player", "coach")
    search_fields = ("player__email", "coach_email", "coach__email")
    date_hierarchy = "granted_at"
    actions = ("withdraw",)

    @admin.action(description="Withdraw the chosen grants", permissions=["act"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[CoachGrant]) -> None:
        withdrawn = queryset.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
        self.message_user(request, f"{withdrawn} withdrawn.")
