"""The composition root as an app: it holds the migrations of the protection, which speaks of every room's tables."""

from django.apps import AppConfig


class CaremgmtConfig(AppConfig):
    """Composition only."""

    name = "caremgmt"

    def ready(self) -> None:
        """What the home page shows from the top floor, and the Celery application: without it a web process would hand its jobs to a broker that is not ours."""
        from caremgmt import celery, home  # noqa: F401

        home.install()
