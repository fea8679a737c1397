"""Routes of the worklist, callbacks and search."""

from django.urls import URLPattern, path

from cases.views import bursts, followup, search, today, work

urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("todo/<uuid:pk>/", work.work, name="work"),
    path("followups/<uuid:pk>/", followup.followup, name="followup"),
    path("followups/<uuid:pk>/number/", followup.reveal, name="followup-reveal"),
    path("followups/<uuid:pk>/failure/", followup.accept, name="followup-accept"),
    path("bursts/", bursts.bursts, name="bursts"),
    path("bursts/<uuid:pk>/review/", bursts.review, name="burst-review"),
    path("search/", search.search, name="search"),
]
