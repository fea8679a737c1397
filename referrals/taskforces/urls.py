"""Routes of task forces, within those of referrals."""

from django.urls import path

from referrals.taskforces import views

urlpatterns = [
    path("", views.task_force, name="task-force"),
    path("<str:kind>/<str:place>/", views.member, name="task-force-member"),
    path("members/<uuid:membership_id>/end/", views.end, name="task-force-end"),
]
