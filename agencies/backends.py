"""Who a session belongs to, read with the roles in one query: every request needs both."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from agencies.identities import in_force
from agencies.models import RoleGrant, User


class StaffBackend(ModelBackend):
    """Django's own, but that a session's user brings the roles of today along."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user with `roles_read`, or None; one query (two for somebody without a role)."""
        grants = list(
            in_force(RoleGrant.objects.filter(user_id=user_id)).select_related("user", "office", "unit", "region")
        )
        user: Any = grants[0].user if grants else super().get_user(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        user.roles_read = grants
        return user  # type: ignore[no-any-return]
