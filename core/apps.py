"""The ground floor."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Primitives that know nothing of cases."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Describe the login to programs."""
        from core import apischema  # noqa: F401 - registration
