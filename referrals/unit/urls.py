"""Routes of a unit's own work, within those of referrals."""

from django.urls import path

from referrals.unit import views

urlpatterns = [
    path("", views.unit_load, name="unit-load"),
    path("figures/", views.unit_figures, name="unit-figures"),
    path("pass/<uuid:referral_id>/", views.unit_pass, name="unit-pass"),
]
