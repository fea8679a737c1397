"""Routes of conferences, within those of referrals."""

from django.urls import path

from referrals.conferences.views import act, convene, letter, listing, minutes, panel, paper, room

urlpatterns = [
    path("", listing.listing, name="conferences"),
    path("plan/", convene.plan, name="conference-plan"),
    path("convene/<uuid:case_id>/", convene.convene, name="conference-convene"),
    path("panel/<uuid:case_id>/", panel.panel, name="conference-panel"),
    path("<uuid:conference_id>/", room.room, name="conference"),
    path("<uuid:conference_id>/move/", convene.move, name="conference-move"),
    *(path(f"<uuid:conference_id>/{verb}/", act.step, {"verb": verb}, name=f"conference-{verb}") for verb in act.STEPS),
    path("items/<uuid:item_id>/", room.of_item, name="conference-item"),
    path("items/<uuid:item_id>/invite/", act.invite, name="conference-invite"),
    path("items/<uuid:item_id>/close/", act.close_item, name="conference-item-close"),
    path("items/<uuid:item_id>/decide/", act.decide, name="conference-decide"),
    *(
        path(f"items/<uuid:item_id>/minutes.{kind}", paper.paper, {"kind": kind}, name=f"minutes-{kind}")
        for kind in paper.MAKERS
    ),
    path("seats/<uuid:seat_id>/", act.seat, name="conference-seat"),
    path("texts/<uuid:text_id>/", minutes.write, name="minutes-write"),
    path("invitations/<uuid:invitation_id>/", letter.invitation, name="invitation"),
    path("invitations/<uuid:invitation_id>/busy.ics", letter.ics, name="invitation-ics"),
    *(
        path(
            f"invitations/<uuid:invitation_id>/{verb}/", letter.on_invitation, {"verb": verb}, name=f"invitation-{verb}"
        )
        for verb in letter.ON_INVITATION
    ),
    path("decisions/<uuid:decision_id>/", letter.decision, name="decision"),
    *(
        path(f"decisions/<uuid:decision_id>/{verb}/", letter.on_decision, {"verb": verb}, name=f"decision-{verb}")
        for verb in letter.ON_DECISION
    ),
]
