"""Who and where."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Who and where."""

    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies.identities import identity_of_user
        from core.identity import register_builder

        register_builder(identity_of_user)
