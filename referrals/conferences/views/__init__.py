"""Pages of conferences."""

from referrals.conferences.enums import ConferenceStatus

BODIES = ("liaison", "aid_officer")
HOSTS = ("manager", "director")
READERS = (*BODIES, *HOSTS)
TONES = {
    ConferenceStatus.PLANNED: "info",
    ConferenceStatus.HELD: "warn",
    ConferenceStatus.MINUTED: "warn",
    ConferenceStatus.CONFIRMED: "info",
    ConferenceStatus.CLOSED: "ok",
    ConferenceStatus.CANCELLED: "neutral",
}
