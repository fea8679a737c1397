"""Routes of figures: pages below /reports/, for programs below /api/v1/."""

from django.urls import URLPattern, path

from reports.views import api, dashboard, exports, months, province, records

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("reports/", dashboard.dashboard, name="dashboard"),
    path("reports/records/", records.records, name="records"),
    path("reports/months/", months.months, name="months"),
    path("reports/months/accept/", months.accept_all, name="months-accept"),
    path("reports/months/chase/", months.chase_all, name="months-chase"),
    path("reports/months/lock/", months.lock, name="months-lock"),
    path("reports/months/<uuid:pk>/", months.month, name="month"),
    path("reports/months/<uuid:pk>/submit/", months.submit, name="month-submit"),
    path("reports/months/<uuid:pk>/return/", months.send_back, name="month-return"),
    path("reports/months/<uuid:pk>/chase/", months.chase, name="month-chase"),
    path("reports/months/<uuid:pk>/accept/", months.accept, name="month-accept"),
    path("reports/province/", province.province, name="province"),
    path("reports/exports/", exports.exports, name="exports"),
    path("reports/exports/<uuid:pk>/progress/", exports.progress, name="export-progress"),
    path("reports/exports/<uuid:pk>/cancel/", exports.cancel, name="export-cancel"),
    path("reports/exports/<uuid:pk>/file/", exports.download, name="export-file"),
    path("api/v1/statistics/", api.StatisticsView.as_view(), name="api-statistics"),
]
