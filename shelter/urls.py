"""Routes of shelter."""

from django.urls import URLPattern, path

from shelter.views import board, hold, house, stay

app_name = "shelter"
urlpatterns: list[URLPattern] = [
    path("", board.board, name="board"),
    path("houses/new/", house.new, name="house-new"),
    path("houses/<uuid:pk>/", house.house, name="house"),
    path("houses/<uuid:pk>/address/", house.address, name="address"),
    path("stays/<uuid:pk>/", stay.stay, name="stay"),
    path("stays/<uuid:pk>/check-in/", stay.check_in, name="check-in"),
    path("stays/<uuid:pk>/check-out/", stay.check_out, name="check-out"),
    path("stays/<uuid:pk>/extend/", stay.extend, name="extend"),
    path("stays/<uuid:pk>/release/", stay.release, name="release"),
    path("hold/<uuid:case_id>/", hold.hold, name="hold"),
    path("panel/<uuid:case_id>/", hold.panel, name="panel"),
]
