"""Routes of referrals."""

from django.urls import include, path

from referrals.views import act, chase, inbox, letter, panel, send
from referrals.views.verbs import VERBS

app_name = "referrals"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("absences/", include("referrals.absences.urls")),
    path("unit/", include("referrals.unit.urls")),
    path("conferences/taskforce/", include("referrals.taskforces.urls")),
    path("conferences/", include("referrals.conferences.urls")),
    path("send/<uuid:case_id>/", send.send, name="send"),
    path("send/<uuid:case_id>/liaisons/", send.liaison_choices, name="liaisons"),
    path("panel/<uuid:case_id>/", panel.panel, name="panel"),
    path("chase/<uuid:chase_id>/", chase.chase, name="chase"),
    path("chase/<uuid:chase_id>/oversee/", chase.oversee, name="oversee"),
    path("<uuid:referral_id>/", letter.detail, name="detail"),
    path("<uuid:referral_id>/letter/", letter.letter, name="letter"),
    *(path(f"<uuid:referral_id>/{verb}/", act.act, {"verb": verb}, name=verb) for verb in VERBS),
]
