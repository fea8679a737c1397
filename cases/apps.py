"""The heart."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The heart."""

    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import effects, effects_joint, home, panels, workflow  # noqa: F401 - registration

        effects.install()
        effects_joint.install()
        panels.install()
        home.install()
