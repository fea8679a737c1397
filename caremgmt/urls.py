"""Every route of the product."""

from django.conf import settings
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", include("cases.urls")),
    path("", include("agencies.urls")),
    path("contacts/", include("hotline.urls")),
    path("referrals/", include("referrals.urls")),
    path("shelter/", include("shelter.urls")),
    path("legalaid/", include("legalaid.urls")),
    path("", include("reports.urls")),
    path("session/", include("core.screenlock")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/referrals/", include("referrals.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
]
if settings.SHOW_DEVELOPER_PAGES:
    from core.styleguide import urlpatterns as styleguide

    urlpatterns += styleguide
