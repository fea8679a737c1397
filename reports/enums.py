"""Codes of the reports room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MonthStatus(models.TextChoices):
    """Where a monthly report stands."""

    COMPUTED = "computed", pgettext_lazy("month", "Computed")
    SUBMITTED = "submitted", pgettext_lazy("month", "Submitted")
    RETURNED = "returned", pgettext_lazy("month", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("month", "Accepted")
    LOCKED = "locked", pgettext_lazy("month", "Locked")


TONES = {
    MonthStatus.COMPUTED: "neutral", MonthStatus.SUBMITTED: "info", MonthStatus.RETURNED: "warn", MonthStatus.ACCEPTED: "ok",
    MonthStatus.LOCKED: "brand",
}  # fmt: skip


class By(models.TextChoices):
    """The places that a table has a row for."""

    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")
    CENTRE = "centre", _("Centre")


class AgeBand(models.TextChoices):
    """Bands of age at the time of the event; the law draws its lines at 14, 18 and 60."""

    CHILD = "0-13", _("Under 14")
    YOUTH = "14-17", _("14 to 17")
    YOUNG = "18-34", _("18 to 34")
    MIDDLE = "35-59", _("35 to 59")
    OLD = "60+", _("60 and over")
    UNKNOWN = "unknown", _("Unknown")
