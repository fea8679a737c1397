"""The API's login: the session's identity."""

from __future__ import annotations

from typing import Any

from rest_framework import authentication


class SessionAuthentication(authentication.SessionAuthentication):
    """Session login; without one the answer is 401, not 403."""

    def authenticate_header(self, request: Any) -> str:
        return "Session"
