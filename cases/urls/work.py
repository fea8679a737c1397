"""Routes of the worklist, callbacks and search."""

from django.urls import URLPattern, path

from cases.views import approvals, bursts, followup, glass, namesakes, search, today, work

urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("todo/<uuid:pk>/", work.work, name="work"),
    path("followups/<uuid:pk>/", followup.followup, name="followup"),
    path("followups/<uuid:pk>/number/", followup.reveal, name="followup-reveal"),
    path("followups/<uuid:pk>/failure/", followup.accept, name="followup-accept"),
    path("bursts/", bursts.bursts, name="bursts"),
    path("bursts/<uuid:pk>/", bursts.burst, name="burst"),
    path("emergency-views/", glass.glasses, name="glasses"),
    path("emergency-views/new/", glass.ask, name="glass-ask"),
    path("emergency-views/<uuid:pk>/", glass.glass, name="glass"),
    path("emergency-views/<uuid:pk>/number/", glass.reveal, name="glass-reveal"),
    path("emergency-views/<uuid:pk>/answer/", glass.answer, name="glass-answer"),
    path("emergency-views/<uuid:pk>/review/", glass.review, name="glass-review"),
    path("namesakes/<uuid:pk>/", namesakes.namesake, name="namesake"),
    path("record-approvals/", approvals.approvals, name="approvals"),
    path("record-approvals/new/", approvals.ask, name="approval-ask"),
    path("record-approvals/<uuid:pk>/", approvals.approval, name="approval"),
    path("record-approvals/<uuid:pk>/decide/", approvals.decide, name="approval-decide"),
    path("record-approvals/<uuid:pk>/end/", approvals.end, name="approval-end"),
    path("search/", search.search, name="search"),
]
