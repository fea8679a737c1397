"""The screenings that come with the product, in our own words: partner and family violence, children, everything else."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from cases.instruments.engine import Instrument, Item

_AGAIN: Final = {"high": 7, "medium": 30, "low": 90}

VIOLENCE: Final = Instrument(
    code="violence",
    version=1,
    title=_("Violence at home: first screening"),
    meant_for=_("Adults who are hurt or threatened by a partner or by family. Asked in private, never while he can hear."),
    items=(
        Item("injured", _("Is she hurt now, or has she needed a doctor because of him?"), 2),
        Item("throat", _("Has he ever choked her, covered her mouth and nose, or held her head under water?"), 3, is_alarm=True),
        Item("weapon", _("Has he used a knife, a tool or another weapon against her, or threatened her with one?"), 3, is_alarm=True),
        Item("kill", _("Has he threatened to kill her, the children, her family or himself, and does she believe it?"), 3, is_alarm=True),
        Item("worse", _("Has it become more frequent or more severe in the last months?"), 2),
        Item("control", _("Does he watch her phone, her money or her ways, or keep her from leaving?"), 1),
        Item("leaving", _("Is she leaving him, or has she just told him that she wants to separate?"), 1, help=_("The weeks around a separation are the most dangerous.")),
        Item("children", _("Are children in the home hurt or threatened, or do they witness it?"), 1),
        Item("fear", _("Is she afraid to be at home tonight?"), 2),
    ),
    medium=3,
    high=7,
    again_days=_AGAIN,
)  # fmt: skip

CHILD: Final = Instrument(
    code="child",
    version=1,
    title=_("Children: first screening"),
    meant_for=_("Anybody under 18. Answered from what is known; the child is not questioned for it."),
    items=(
        Item("hurt", _("Has the child injuries that are not explained, or that keep coming back?"), 2),
        Item("sexual", _("Is there any sign or word of sexual abuse?"), 3, is_alarm=True),
        Item("with_suspect", _("Is the child now with the person who is said to have hurt it?"), 3, is_alarm=True),
        Item("self_harm", _("Does the child speak of dying, hurt itself, or has it run away?"), 3, is_alarm=True),
        Item("care", _("Is the child left without food, care or a grown-up who looks after it?"), 2),
        Item("small", _("Is it under six years old, or disabled, so that it cannot speak for itself?"), 1),
        Item("school", _("Does it stay away from school, or has it changed strikingly?"), 1),
        Item("before", _("Have there been reports about this family before?"), 1),
        Item("adult", _("Is there no grown-up outside the home whom the child trusts?"), 1),
    ),
    medium=2,
    high=6,
    again_days=_AGAIN,
)  # fmt: skip

GENERAL: Final = Instrument(
    code="general",
    version=1,
    title=_("First screening"),
    meant_for=_("Matters that do not begin with violence, and that may still hide it."),
    items=(
        Item("threat", _("Is somebody threatening, following or harassing her?"), 3),
        Item("violence", _("Has anybody struck or locked her up in this matter?"), 3),
        Item("self_harm", _("Does she speak of ending her life, or has she tried to?"), 4, is_alarm=True),
        Item("home", _("Is she without a safe place to sleep tonight?"), 3),
        Item("health", _("Is she ill, pregnant, disabled or very old, and without help?"), 2),
        Item("means", _("Has she no money of her own for the next days?"), 1),
        Item("dependants", _("Do children or other people depend on her alone?"), 1),
        Item("deadline", _("Does a term run out within a week (court, appeal, eviction, arbitration)?"), 1),
        Item("alone", _("Has she nobody to turn to?"), 1),
    ),
    medium=3,
    high=7,
    again_days=_AGAIN,
)  # fmt: skip

INSTRUMENTS: Final = {instrument.code: instrument for instrument in (VIOLENCE, CHILD, GENERAL)}


def proposed(*, concerns_minor: bool, is_violence: bool) -> Instrument:
    """The instrument that fits a matter: a child's first, then violence."""
    if concerns_minor:
        return CHILD
    return VIOLENCE if is_violence else GENERAL
