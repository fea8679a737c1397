"""Routes of the front door: /contacts/…"""

from django.urls import path

from hotline.views import call, contact, listing

app_name = "hotline"
urlpatterns = [
    path("", listing.contacts, name="list"),
    path("export.csv", listing.export, name="export"),
    path("new/", call.new, name="new"),
    path("panel/<uuid:case_id>/", contact.panel, name="panel"),
    path("handed-on/", call.handed_on, name="handed-on"),
    path("<uuid:pk>/", call.show, name="contact"),
    path("<uuid:pk>/draft/", call.draft, name="draft"),
    path("<uuid:pk>/take-over/", call.take_over, name="take_over"),
    path("<uuid:pk>/protocol/", call.protocol, name="protocol"),
    path("<uuid:pk>/known/", call.known, name="known"),
    path("<uuid:pk>/settle/", contact.settle, name="settle"),
    path("<uuid:pk>/numbers/", contact.reveal, name="reveal"),
]
