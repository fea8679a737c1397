"""What an agency's own system does with its letters. A liaison's session may ask the same; named letters are never here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.keylogin import KeyAuthentication
from cases.enums import Section
from cases.keyset import keyset
from core import access, keys
from core.apilogin import SessionAuthentication
from core.errors import DomainError, DuplicateRequest, NotAllowed, NotFound
from core.identity import Identity
from referrals import services
from referrals.api.serializers import (
    AskTimeSerializer,
    DeclineSerializer,
    LetterSerializer,
    ProgressSerializer,
    RespondSerializer,
    Versioned,
    WholeLetterSerializer,
)
from referrals.inbox import PAGE, PARTS, RECEIVED, part_of
from referrals.models import Referral
from referrals.views import ADDRESSEES

_ERROR = inline_serializer(
    "ReferralError",
    {"code": serializers.CharField(), "message": serializers.CharField(required=False), "field": serializers.CharField(required=False, allow_null=True)},
)  # fmt: skip
_LETTERS = inline_serializer(
    "Letters", {"rows": LetterSerializer(many=True), "next": serializers.CharField(help_text="Token of the next page; empty at the end.")}
)  # fmt: skip
REFUSALS = {
    401: OpenApiResponse(_ERROR, description="bad_signature, or no login."),
    403: OpenApiResponse(_ERROR),
    404: OpenApiResponse(_ERROR, description="Missing, withdrawn, or not for this unit's systems: the same answer."),
    409: OpenApiResponse(
        _ERROR, description="stale_version: read the letter again; duplicate_request: it was done already."
    ),
    422: OpenApiResponse(_ERROR, description="A rule says no; `code` and `field` say which."),
}
_KEY = OpenApiParameter(
    "Idempotency-Key", UUID, location=OpenApiParameter.HEADER, description="The same key does its work once."
)


def scope(by: Identity) -> Any:
    """The letters that systems may handle, with all that a row shows."""
    return Referral.objects.received_by(by).open_to_programs().select_related("office", "category")


class ReferralView(APIView):
    """Whoever answers letters, by key or by session."""

    authentication_classes = [KeyAuthentication, SessionAuthentication]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Roles as on the pages."""
        super().initial(request, *args, **kwargs)
        if not self.by.has(*ADDRESSEES):
            raise NotAllowed("not_allowed", _("Only the unit that this was sent to may do this."))

    @property
    def by(self) -> Identity:
        return self.request._request.identity  # type: ignore[attr-defined,no-any-return]

    def found(self, referral_id: UUID) -> Referral:
        """The letter, its looking-at noted."""
        row: Referral | None = scope(self.by).prefetch_related("notes").filter(pk=referral_id).first()
        if row is None:
            raise NotFound
        access.note(
            access.Action.VIEW, object_type="referral", object_id=row.pk, case_id=row.case_id, office_id=row.office_id,
            sections=[Section.LETTER],
        )  # fmt: skip
        return row


class Letters(ReferralView):
    """The unit's letters."""

    @extend_schema(
        operation_id="referrals_list",
        summary="Letters to the unit",
        parameters=[
            OpenApiParameter("part", str, enum=[part.code for part in PARTS[RECEIVED]], description="Which letters; those that owe something when none is named."),
            OpenApiParameter("after", str, description="Token of the next page."),
        ],
        responses={200: _LETTERS, 401: REFUSALS[401], 403: REFUSALS[403]},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """One page, without the words of the ask."""
        part = part_of(RECEIVED, request.query_params.get("part", ""))
        page = keyset(
            part.of(scope(self.by), self.by),
            "due_at" if part.owed else "sent_at",
            descending=not part.owed,
            size=PAGE,
            after=request.query_params.get("after", ""),
        )
        access.note_list(
            access.Action.VIEW, [(row.case_id, row.office_id) for row in page.rows], object_type="referral", sections=[Section.LETTER],
            reason="api_list",
        )  # fmt: skip
        return Response({"rows": LetterSerializer(page.rows, many=True).data, "next": page.next})


class Letter(ReferralView):
    """One letter."""

    @extend_schema(
        operation_id="referrals_letter", summary="One letter", responses={200: WholeLetterSerializer, **REFUSALS}
    )
    def get(self, request: Request, referral_id: UUID) -> Response:
        """The letter with the ask and what was reported."""
        row = self.found(referral_id)
        keys.preload([row.case_id])
        return Response(WholeLetterSerializer(row).data)


class Verb(ReferralView):
    """One step on a letter."""

    serializer_class: ClassVar[type[serializers.Serializer[Any]]] = Versioned
    service: ClassVar[Callable[..., Referral]]

    def step(self, request: Request, referral_id: UUID) -> Response:
        """Check the shape, carry it out, answer with the letter's new state (without words: after declining there is nothing to read)."""
        self.found(referral_id)
        shape = self.serializer_class(data=request.data)
        if not shape.is_valid():
            field, told = next(iter(shape.errors.items()))
            raise DomainError("invalid", str(told[0]) if isinstance(told, list) else str(told), field=field)
        try:
            row = type(self).service(
                referral_id=referral_id, by=self.by, key=_idempotency_key(request), **shape.validated_data
            )
        except DuplicateRequest:
            again = Referral.objects.visible_to(self.by).filter(pk=referral_id).first()
            if again is None:  # a letter that was declined or given back: done, and no longer there
                return Response({"id": str(referral_id), "status": None, "version": None})
            row = again
        return Response({"id": str(row.pk), "status": row.status, "version": row.version})


_STATE = inline_serializer(
    "LetterState",
    {"id": serializers.UUIDField(), "status": serializers.CharField(allow_null=True), "version": serializers.IntegerField(allow_null=True)},
)  # fmt: skip


def _idempotency_key(request: Request) -> UUID | None:
    text = request.headers.get("Idempotency-Key", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise DomainError("bad_key", _("An idempotency key is a UUID."), field="Idempotency-Key") from None


class Accept(Verb):
    """Take it on. What was offered opens to the unit's liaisons in the browser; a system reads letters only."""

    service = staticmethod(services.referral_accept)

    @extend_schema(operation_id="referrals_accept", summary="Accept", request=Versioned, parameters=[_KEY], responses={200: _STATE, **REFUSALS})  # fmt: skip
    def post(self, request: Request, referral_id: UUID) -> Response:
        """The answer is owed from now on."""
        return self.step(request, referral_id)


class Decline(Verb):
    """Decline with a reason."""

    serializer_class = DeclineSerializer
    service = staticmethod(services.referral_decline)

    @extend_schema(operation_id="referrals_decline", summary="Decline", request=DeclineSerializer, parameters=[_KEY], responses={200: _STATE, **REFUSALS})  # fmt: skip
    def post(self, request: Request, referral_id: UUID) -> Response:
        """Letter and offer are withdrawn at once."""
        return self.step(request, referral_id)


class Respond(Verb):
    """Answer."""

    serializer_class = RespondSerializer
    service = staticmethod(services.referral_respond)
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(operation_id="referrals_respond", summary="Answer", request={"application/json": RespondSerializer, "multipart/form-data": RespondSerializer}, parameters=[_KEY], responses={200: _STATE, **REFUSALS})  # fmt: skip
    def post(self, request: Request, referral_id: UUID) -> Response:
        """The centre reviews it. Papers come in a multipart request; a system hands them in and reads none."""
        return self.step(request, referral_id)


class Progress(Verb):
    """Report what has been done so far."""

    serializer_class = ProgressSerializer
    service = staticmethod(services.referral_progress)

    @extend_schema(operation_id="referrals_progress", summary="Report progress", request=ProgressSerializer, parameters=[_KEY], responses={200: _STATE, **REFUSALS})  # fmt: skip
    def post(self, request: Request, referral_id: UUID) -> Response:
        """The answer is still owed."""
        return self.step(request, referral_id)


class AskTime(Verb):
    """Ask for more time."""

    serializer_class = AskTimeSerializer
    service = staticmethod(services.referral_ask_time)

    @extend_schema(operation_id="referrals_ask_time", summary="Ask for more time", request=AskTimeSerializer, parameters=[_KEY], responses={200: _STATE, **REFUSALS})  # fmt: skip
    def post(self, request: Request, referral_id: UUID) -> Response:
        """The centre grants or refuses it; until then the old time holds."""
        return self.step(request, referral_id)
