"""The heart's own panels of the case page. `own_office` opens what is no section (cases/views/scope.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.enums import PAPER_SECTIONS, TEXT_SECTIONS
from cases.registry import Panel, panel


def install() -> None:
    """Called once when the app is ready."""
    panel(Panel("work", _("To do"), "cases:panel-work", ("own_office",), 5))
    panel(Panel("people", _("People"), "cases:panel-people", ("identity",), 10))
    panel(Panel("texts", _("What is known"), "cases:panel-texts", tuple(one.value for one in TEXT_SECTIONS), 15))
    panel(Panel("risk", _("Risk assessments"), "cases:panel-risk", ("risk",), 20))
    panel(Panel("services", _("Services"), "cases:panel-services", ("header",), 35))
    panel(Panel("followups", _("Callbacks"), "cases:panel-followups", ("callback",), 40))
    panel(Panel("orders", _("Orders"), "cases:panel-orders", ("legal",), 45))
    panel(Panel("papers", _("Papers"), "cases:panel-papers", tuple(one.value for one in PAPER_SECTIONS), 50))
    panel(Panel("sharing", _("Who can see what"), "cases:panel-sharing", ("own_office",), 80))
    panel(Panel("log", _("Who has looked"), "cases:panel-log", ("own_office",), 90))
