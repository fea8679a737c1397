"""Who else must act."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Who else must act."""

    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referrals import registration, workflow  # noqa: F401 - registration
