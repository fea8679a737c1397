"""How it comes in."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """How it comes in."""

    name = "hotline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hotline import registration, workflow  # noqa: F401 - registration
