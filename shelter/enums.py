"""Codes of refuges."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BedKind(models.TextChoices):
    FAMILY = "family", _("Family room")
    SINGLE = "single", _("Single bed")


class StayStatus(models.TextChoices):
    HELD = "held", _("Held")
    CHECKED_IN = "checked_in", _("Checked in")
    CHECKED_OUT = "checked_out", _("Checked out")
    RELEASED = "released", _("Released")


CURRENT = (StayStatus.HELD, StayStatus.CHECKED_IN)  # the bed is spoken for


class Danger(models.TextChoices):
    """What the keeper must know to keep her safe: coded, so that no free text of the case leaves it."""

    SEARCHING = "searching", _("He is looking for her")
    WEAPON = "weapon", _("He may have a weapon")
    KNOWS_AREA = "knows_area", _("He knows this part of town")
    THREATENED = "threatened", _("He has threatened to kill")
    CHILD_TARGET = "child_target", _("He may try to take the child")
    SELF_HARM = "self_harm", _("She may harm herself")


class ReleaseReason(models.TextChoices):
    NOT_NEEDED = "not_needed", _("Not needed any more")
    DID_NOT_COME = "did_not_come", _("She did not come")
    OTHER_PLACE = "other_place", _("Another safe place was found")
    EXPIRED = "expired", _("The hold ran out")


GIVEN = (ReleaseReason.NOT_NEEDED, ReleaseReason.DID_NOT_COME, ReleaseReason.OTHER_PLACE)  # what a person may say


class LeaveReason(models.TextChoices):
    OWN_HOME = "own_home", _("To a safe home of her own")
    RELATIVES = "relatives", _("To relatives or friends")
    OTHER_REFUGE = "other_refuge", _("To another refuge or relief station")
    HOSPITAL = "hospital", _("To hospital")
    GUARDIAN = "guardian", _("Handed over to a verified guardian")
    WENT_BACK = "went_back", _("Back to the home she came from")
    LEFT = "left", _("Left without saying where")
