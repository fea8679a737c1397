"""The API's errors: coded JSON, the same services and guards as the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from core import access
from core.errors import DomainError, NotFound


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Domain errors as {"code", "message"}; refusals are noted in the access log."""
    request = context["request"]._request
    request.verb_failed = True
    if isinstance(error, DomainError):
        if isinstance(error, NotFound):
            access.note(access.Action.DENIED, reason="not_found")
            return Response({"code": "not_found"}, status=404)
        return Response({"code": error.code, "message": str(error.message), "field": error.field}, status=error.status)
    if isinstance(error, exceptions.PermissionDenied):
        access.note(access.Action.DENIED, reason="role")
    if isinstance(error, Http404):
        return Response({"code": "not_found"}, status=404)
    return default_handler(error, context)
