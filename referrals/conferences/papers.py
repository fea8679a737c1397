"""会商纪要 as a paper: one agenda item each, since the bodies of one must not read of another. It names nobody of the case."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.papers import Block, Paper
from core.ui import times
from referrals.conferences.models import Conference
from referrals.conferences.services.confirming import signer_of
from referrals.conferences.views.room import Place


def _signature(conference: Conference) -> str:
    """Whoever truly signed: where that was not the chair, the paper says for whom."""
    signer = signer_of(conference)
    if signer is None or signer.pk == conference.chair_id:
        return _("Signed by: %(name)s") % {"name": conference.chair.name}
    return _("Signed for the chair %(chair)s by: %(name)s") % {"chair": conference.chair.name, "name": signer.name}


def minutes_paper(conference: Conference, place: Place) -> Paper:
    """The minutes of one item, in Chinese, whatever language the reader works in."""
    with override("zh-hans"):
        present = [seat for seat in place.seats if seat.is_present]
        facts = [
            (_("Time"), f"{times.exact(conference.begins_at)}–{times.exact(conference.ends_at)[11:]}"),
            (_("Place"), conference.place),
            (_("Chair"), conference.chair.name),
            (
                _("Attended"),
                "、".join(
                    f"{seat.body_name}（{seat.attendee}）" if seat.attendee else seat.body_name for seat in present
                ),
            ),
            (_("Matter"), place.item.category.name),
            (_("Risk"), str(place.item.get_risk_display())),
            (_("Reason"), str(place.item.get_reason_display())),
        ]
        opinions = [f"{seat.body_name}：{seat.said.text}" for seat in place.seats if seat.said and seat.said.text]  # type: ignore[attr-defined]
        rows = [(_("Measure"), _("Body"), _("Person responsible"), _("By when"))]
        for decision in place.decisions:
            who = decision.unit.short_name if decision.unit else conference.office.short_name
            person = decision.responsible or (decision.staff.name if decision.staff else "")
            rows.append((decision.measure, who, person, times.exact(decision.due_at)))
        blocks = [
            Block(
                _("Facts (nobody is named)"),
                [place.facts.text if place.facts and place.facts.text else _("Nothing was written down.")],
            ),
            Block(_("Opinions of the bodies"), opinions or [_("Nothing was written down.")]),
            Block(_("Decisions"), [] if len(rows) > 1 else [_("Nothing was decided.")], rows if len(rows) > 1 else ()),
        ]
        if place.objections:
            said = [f"{seat.body_name}：{seat.objection}" for seat in place.objections]
            blocks.append(Block(_("Objections recorded"), said))
        foot = [
            _signature(conference) if conference.confirmed_at else _("Draft, not signed"),
            _(
                "Everybody who was there has pledged secrecy. This paper names nobody of the case, and is not to be copied or passed on."
            ),
        ]
        return Paper(
            issuer=conference.office.name, title=_("Minutes of a joint conference"), number=place.item.paper_number or conference.number,
            facts=facts, blocks=blocks, foot=foot,
        )  # fmt: skip
