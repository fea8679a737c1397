"""What the top floor adds to the home page of those who look after a region: the ways to their figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.facts import region_ways
from reports.views.common import scope_title


def install() -> None:
    """Called once when the app is ready."""
    region_ways.extend([
        (_("Dashboard"), "reports:dashboard", "dashboard", _("Headline figures with last month and last year")),
        (scope_title, "reports:province", "map-2", _("Reporting state of every centre, the table and the map")),
    ])  # fmt: skip
