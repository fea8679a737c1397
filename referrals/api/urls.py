"""Routes for agencies' own systems, below /api/v1/referrals/."""

from django.urls import URLPattern, path

from referrals.api import views

app_name = "referrals_api"
urlpatterns: list[URLPattern] = [
    path("", views.Letters.as_view(), name="list"),
    path("<uuid:referral_id>/", views.Letter.as_view(), name="letter"),
    path("<uuid:referral_id>/accept/", views.Accept.as_view(), name="accept"),
    path("<uuid:referral_id>/decline/", views.Decline.as_view(), name="decline"),
    path("<uuid:referral_id>/respond/", views.Respond.as_view(), name="respond"),
    path("<uuid:referral_id>/progress/", views.Progress.as_view(), name="progress"),
    path("<uuid:referral_id>/ask-time/", views.AskTime.as_view(), name="ask-time"),
]
