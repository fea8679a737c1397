"""Appointments for calendars outside (.ics): busy, and the way to log in. No matter, no place, no name."""

from __future__ import annotations

import datetime as dt
from uuid import UUID


def busy(
    *, uid: UUID, begins_at: dt.datetime, ends_at: dt.datetime, stamp: dt.datetime, url: str, sequence: int = 0
) -> str:
    """One appointment as RFC 5545 text; a calendar replaces it by one of the same `uid` with a higher `sequence`."""

    def moment(value: dt.datetime) -> str:
        return value.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")

    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//caremgmt//busy//ZH", "BEGIN:VEVENT", f"UID:{uid}", f"SEQUENCE:{sequence}", f"DTSTAMP:{moment(stamp)}",
        f"DTSTART:{moment(begins_at)}", f"DTEND:{moment(ends_at)}", "SUMMARY:忙碌", f"URL:{url}", "CLASS:PRIVATE", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"
