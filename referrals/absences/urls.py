"""Routes of absences, within those of referrals."""

from django.urls import path

from referrals.absences import views

urlpatterns = [
    path("", views.absences, name="absences"),
    path("now/", views.absences_now, name="absences-now"),
    path("new/", views.absence_new, name="absence-new"),
    path("<uuid:absence_id>/end/", views.absence_over, name="absence-end"),
]
