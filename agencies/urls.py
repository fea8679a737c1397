"""Routes of the directory, the bell, the own account, the accounts overview, keys and the access log."""

from django.urls import URLPattern, path

from agencies.views import accesslog, accounts, bell, directory, keys, profile

app_name = "agencies"
urlpatterns: list[URLPattern] = [
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/count/", bell.count, name="notifications-count"),
    path("notifications/read/", bell.read, name="notifications-read"),
    path("directory/", directory.directory, name="directory"),
    path("directory/offices/<uuid:pk>/", directory.office, name="office"),
    path("directory/units/<uuid:pk>/", directory.unit, name="unit"),
    path("account/", profile.profile, name="profile"),
    path("account/all/", accounts.accounts, name="accounts"),
    path("account/keys/", keys.keys, name="keys"),
    path("account/keys/new/", keys.new, name="key-new"),
    path("account/keys/<uuid:pk>/confirm/", keys.confirm, name="key-confirm"),
    path("account/keys/<uuid:pk>/revoke/", keys.revoke, name="key-revoke"),
    path("access-log/", accesslog.access_log, name="access-log"),
    path("access-log/export.csv", accesslog.export, name="access-log-export"),
    path("access-log/verify/", accesslog.verify, name="verify"),
]
