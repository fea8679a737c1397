"""Codes of the directory."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the administrative division (GB/T 2260)."""

    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")
    TOWNSHIP = "township", _("Township or subdistrict")


class OfficeKind(models.TextChoices):
    """What answers for people: a centre handles cases, a desk answers 12338."""

    CENTRE = "centre", _("Care centre")
    DESK = "desk", _("12338 desk")


class UnitKind(models.TextChoices):
    """Kinds of agency units, along the nine departments and those who work with them."""

    POLICE = "police", _("Police")
    COURT = "court", _("Court")
    PROCURATORATE = "procuratorate", _("Procuratorate")
    JUSTICE = "justice", _("Justice bureau")
    LEGAL_AID = "legal_aid", _("Legal-aid centre")
    CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs")
    EDUCATION = "education", _("Education and sports bureau")
    SCHOOL = "school", _("School")
    HEALTH = "health", _("Health commission")
    HOSPITAL = "hospital", _("Hospital")
    FEDERATION = "federation", _("Women's federation")
    POLITICAL_LEGAL = "political_legal", _("Political-legal committee")
    WORKING_COMMITTEE = "working_committee", _("Women's and children's working committee")
    GOVERNANCE = "governance", _("Comprehensive governance centre")
    TOWNSHIP = "township", _("Township or subdistrict")
    COMMUNITY = "community", _("Village or community")
    HUMAN_RESOURCES = "human_resources", _("Human resources and social security")
    YOUTH_LEAGUE = "youth_league", _("Youth league")
    DISABLED = "disabled", _("Disabled persons' federation")
    UNION = "union", _("Trade union")
    PETITION = "petition", _("Petition office")
    PROVIDER = "provider", _("Service provider")


class Role(models.TextChoices):
    """Roles; each is held at one place (desk, centre, unit or region)."""

    OPERATOR = "operator", _("Hotline operator")
    SHIFT_SUPERVISOR = "shift_supervisor", _("Shift supervisor")
    FIELD_WORKER = "field_worker", _("Field worker")
    MANAGER = "manager", _("Case manager")
    EXPERT = "expert", _("Expert")
    LIAISON = "liaison", _("Agency liaison")
    KEEPER = "keeper", _("Shelter keeper")
    AID_OFFICER = "aid_officer", _("Legal-aid officer")
    DIRECTOR = "director", _("Centre director")
    SUPERVISOR = "supervisor", _("Regional supervisor")
    PROVINCE = "province", _("Provincial administrator")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM = "system", _("System administrator")


class RoomKind(models.TextChoices):
    """What a room of a centre is for."""

    RECEPTION = "reception", _("Reception room")
    MEETING = "meeting", _("Meeting room")
    COURTROOM = "courtroom", _("Circuit courtroom")
    COUNSELLING = "counselling", _("Counselling room")
    INTERVIEW = "interview", _("Forensic interview room")


NO_ROLE = "none"  # of an account that holds no role in force
AT_OFFICE = {Role.OPERATOR, Role.SHIFT_SUPERVISOR, Role.MANAGER, Role.DIRECTOR, Role.KEEPER, Role.EXPERT}
AT_UNIT = {Role.LIAISON, Role.AID_OFFICER, Role.FIELD_WORKER}
AT_REGION = {Role.SUPERVISOR, Role.PROVINCE, Role.AUDITOR, Role.SYSTEM}
