"""Routes of the heart."""

from cases.urls import case, work

app_name = "cases"
urlpatterns = [*work.urlpatterns, *case.urlpatterns]
