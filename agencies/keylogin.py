"""The API's second login: what AgencyKeyMiddleware has found out already."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication

from agencies.programs import SCHEME, Program


class KeyAuthentication(BaseAuthentication):
    """A request signed with an agency's key."""

    def authenticate(self, request: Any) -> tuple[Program, Any] | None:
        """The program that the middleware has put in the place of a user."""
        user = getattr(request._request, "user", None)
        return (user, user.key) if isinstance(user, Program) else None

    def authenticate_header(self, request: Any) -> str:
        return SCHEME


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the signature is described to programs (OpenAPI)."""

    target_class = "agencies.keylogin.KeyAuthentication"
    name = "agencyKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": f"{SCHEME} key=…, ts=…, nonce=…, sig=…: HMAC-SHA256 over method, path, query, SHA-256 of the body, content type, ts, nonce, key.",
        }
