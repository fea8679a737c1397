"""Who else must act."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Who else must act."""

    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referrals import registration, workflow  # noqa: F401 - registration
        from referrals.absences import registration as absence_registration  # noqa: F401
        from referrals.conferences import registration as conference_registration  # noqa: F401
        from referrals.conferences import workflow as conference_workflow  # noqa: F401
