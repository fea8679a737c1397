"""Figures over everything."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures over everything."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reports import effects, home, workflow  # noqa: F401 - registration
        from reports.exports import job  # noqa: F401 - registration
