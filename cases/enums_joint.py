"""Codes of joint handling (联合办理)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import SHAREABLE, TEXT_SECTIONS, Section


class JointReason(models.TextChoices):
    """Why a second centre is needed."""

    SPLIT_RESIDENCE = "split_residence", _("She lives elsewhere than she is registered")  # 人户分离
    OTHERS_THERE = "others_there", _("The respondent, the children or the kin live there")
    WORK_THERE = "work_there", _("She works or goes to school there")
    OTHER = "other", _("Another reason")


class JointStatus(models.TextChoices):
    ASKED = "asked", _("Waits for an answer")
    ACTIVE = "active", _("Handled together")
    DECLINED = "declined", _("Does not join")
    RECALLED = "recalled", _("Recalled")
    ENDED = "ended", _("Joint handling over")


class JointEnd(models.TextChoices):
    """What ended it."""

    DATE = "date", _("Its time was over")
    RESPONSIBLE = "responsible", _("Ended by the responsible centre")
    JOINT = "joint", _("Ended by the second centre")
    CASE = "case", _("The case was closed, sealed or handed over")
    SHUT = "shut", _("Nothing of the case was open to the second centre any more")


class JointHow(models.TextChoices):
    """How what is told came about."""

    VISIT = "visit", _("Visit on the spot")
    CALL = "call", _("Telephone")
    MEETING = "meeting", _("Meeting with bodies there")
    OTHER = "other", _("Other work")


# Asked, or in force: one for each case.
JOINT_OPEN = (JointStatus.ASKED, JointStatus.ACTIVE)
# What a second centre can be offered. Reporter and evidence go to the police and the procuratorate alone (security.md, 4).
JOINT_SECTIONS = tuple(section for section in SHAREABLE if section not in (Section.REPORTER, Section.EVIDENCE))
# Where a note of the second centre can stand, of the sections that are open to it.
NOTE_SECTIONS = tuple(section for section in TEXT_SECTIONS if section in JOINT_SECTIONS)
