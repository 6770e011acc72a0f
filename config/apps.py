from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class ConfigConfig(AppConfig):
    """Wiring: system checks and nothing else."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers the checks


class AdminConfig(DjangoAdminConfig):
    """The stock admin, entered through allauth (which knows about MFA and rate limits)."""

    default_site = "config.admin.TouchlineAdminSite"
