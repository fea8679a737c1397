"""Routes of legalaid."""

from django.urls import URLPattern, path

from legalaid.views import application, listing, mediation

app_name = "legalaid"
urlpatterns: list[URLPattern] = [
    path("", listing.listing, name="list"),
    path("<uuid:pk>/", application.detail, name="detail"),
    path("<uuid:pk>/grant/", application.grant, name="grant"),
    path("<uuid:pk>/refuse/", application.refuse, name="refuse"),
    path("<uuid:pk>/assign/", application.assign, name="assign"),
    path("<uuid:pk>/tell/", application.tell, name="tell"),
    path("<uuid:pk>/close/", application.close, name="close"),
    path("apply/<uuid:case_id>/", application.apply, name="apply"),
    path("mediations/new/<uuid:case_id>/", mediation.plan, name="mediation-plan"),
    path("mediations/<uuid:pk>/", mediation.mediation, name="mediation"),
    path("panel/<uuid:case_id>/", mediation.panel, name="panel"),
]
