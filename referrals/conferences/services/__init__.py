"""The verbs of conferences."""

from referrals.conferences.services.confirming import (
    conference_close,
    conference_minute,
    conference_reopen,
    conference_sign,
    item_close,
    minutes_confirm,
    minutes_object,
)
from referrals.conferences.services.convening import (
    Matter,
    Meeting,
    conference_cancel,
    conference_convene,
    conference_hold,
    conference_plan,
    item_add,
)
from referrals.conferences.services.decisions import decision_add, decision_drop, decision_finish
from referrals.conferences.services.inviting import (
    Invitee,
    invitation_accept,
    invitation_decline,
    invitation_enter,
    invitation_keep,
    invitation_recuse,
    invitation_send,
    invitation_withdraw,
)
from referrals.conferences.services.minutes import minute_write, seat_mark
from referrals.conferences.services.moving import Slot, conference_move

__all__ = [
    "Invitee", "Matter", "Meeting", "Slot", "conference_cancel", "conference_close", "conference_convene", "conference_hold", "conference_minute", "conference_move",
    "conference_plan", "conference_reopen", "conference_sign", "decision_add", "decision_drop", "decision_finish", "invitation_accept",
    "invitation_decline", "invitation_enter", "invitation_keep", "invitation_recuse", "invitation_send", "invitation_withdraw", "item_add", "item_close", "minute_write",
    "minutes_confirm", "minutes_object", "seat_mark",
]  # fmt: skip
