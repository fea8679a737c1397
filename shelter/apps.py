"""Beds and stays."""

from django.apps import AppConfig


class ShelterConfig(AppConfig):
    """Beds and stays."""

    name = "shelter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shelter import registration, workflow  # noqa: F401 - registration
