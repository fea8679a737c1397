"""Legal aid and mediation."""

from django.apps import AppConfig


class LegalaidConfig(AppConfig):
    """Legal aid and mediation."""

    name = "legalaid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from legalaid import registration, workflow  # noqa: F401 - registration
