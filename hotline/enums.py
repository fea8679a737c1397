"""Codes of the front door."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Still owed")  # something is still owed
    DONE = "done", _("Done")


class Disposition(models.TextChoices):
    """What became of a contact: the one mandatory field."""

    ADVICE = "advice", _("Advice only")
    SERVICE = "service", _("Service given")
    CASE_OPENED = "case_opened", _("Case opened")
    JOINED = "joined", _("Joined to a case")
    SILENT = "silent", _("Silent call")
    DROPPED = "dropped", _("Dropped call")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    ABUSIVE = "abusive", _("Abusive call")
    WHEREABOUTS = "whereabouts", _("Whereabouts enquiry")


class Danger(models.TextChoices):
    UNKNOWN = "unknown", _("Not known")
    NO = "no", _("No danger now")
    YES = "yes", _("In danger now")


class CallerRelation(models.TextChoices):
    SELF = "self", _("Herself")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Son or daughter")
    RELATIVE = "relative", _("Relative")
    NEIGHBOUR = "neighbour", _("Neighbour")
    TEACHER = "teacher", _("Teacher")
    COLLEAGUE = "colleague", _("Colleague or friend")
    OFFICIAL = "official", _("Official body")
    OTHER = "other", _("Other")


class ProtocolStep(models.TextChoices):
    """What is done while a woman is in danger, in this order; each with the time it was done."""

    POLICE = "police", _("Call 110 by voice")
    EVIDENCE = "evidence", _("Tell her how to keep the evidence")
    DOCTOR = "doctor", _("Urge her to see a doctor")
    INJURY = "injury", _("Ask the police for an injury assessment")
    PLACE = "place", _("Find a safe place for tonight")
    PLAN = "plan", _("Agree a safety plan")


PROTOCOL_HELP = {
    ProtocolStep.POLICE: _("Call, do not write. Stay on her line; note the incident number."),
    ProtocolStep.EVIDENCE: _(
        "Photos of injuries and damage, messages, the torn clothes in a paper bag, names of witnesses."
    ),
    ProtocolStep.DOCTOR: _("Today, saying how it happened; keep the record and the bills."),
    ProtocolStep.INJURY: _("The police commission it within 24 hours; she should ask for it when they come."),
    ProtocolStep.PLACE: _("Family, friends, or the refuge. Never say a refuge's address on the phone."),
    ProtocolStep.PLAN: _("Papers, money and phone in one bag; a word for the children; whom she calls first."),
}


class WhisperQuestion(models.TextChoices):
    """Read aloud one by one to someone who cannot speak freely; she answers with yes or no, or a cough."""

    ALONE = "alone", _("Is somebody near you who must not hear this?")
    NEAR = "near", _("Is the person who hurts you in the same place?")
    HURT = "hurt", _("Are you injured?")
    WEAPON = "weapon", _("Does that person have a knife or anything dangerous?")
    CHILDREN = "children", _("Are children with you?")
    LEAVE = "leave", _("Can you get out of the door?")
    POLICE = "police", _("Shall we call the police to you?")
    RING = "ring", _("Is it safe to ring this number later?")


class WhisperAnswer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("She did not answer")


class RevealReason(models.TextChoices):
    """Why a masked number is opened; stands in the log."""

    CALLBACK = "callback", _("To call back as agreed")
    CHECK = "check", _("To check what was written down")
    DANGER = "danger", _("Danger to life")


# Nothing was said that could be worked on; nobody is ever rung back for these.
WITHOUT_CONTENT = (Disposition.SILENT, Disposition.DROPPED, Disposition.WRONG_NUMBER, Disposition.ABUSIVE)
DISPOSITION_TONES = {
    Disposition.ADVICE: "neutral", Disposition.SERVICE: "ok", Disposition.CASE_OPENED: "info", Disposition.JOINED: "info",
    Disposition.WHEREABOUTS: "danger", Disposition.ABUSIVE: "warn",
}  # fmt: skip
