"""Shapes of what agencies' systems read and send; nothing is saved here."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cases.enums import PAPER_SECTIONS, PaperKind, Section
from core.uploads import PapersField, Upload
from referrals.enums import ANSWER_CHOICES, DeclineReason
from referrals.models import Referral, ReferralNote
from referrals.services.common import Papers

_IN_WORDS: dict[str, Any] = {"required": _("Please say it in words."), "blank": _("Please say it in words.")}
_CHOOSE: dict[str, Any] = {
    "required": _("Please choose."),
    "invalid_choice": _("Please choose."),
    "null": _("Please choose."),
}


class NoteSerializer(serializers.ModelSerializer[ReferralNote]):
    """What was said about the letter."""

    text = serializers.CharField(read_only=True)

    class Meta:
        model = ReferralNote
        fields = ("kind", "at", "actor_name", "actor_agency", "text", "papers")
        read_only_fields = fields


class LetterSerializer(serializers.ModelSerializer[Referral]):
    """A letter: coded fields and the reviewed ask. Never the case's id or anything that stands in it."""

    category_name = serializers.CharField(source="category.zh", read_only=True)
    office = serializers.CharField(source="office.name", read_only=True)

    class Meta:
        model = Referral
        fields: ClassVar[tuple[str, ...]] = (
            "id", "number", "status", "version", "office", "category", "category_name", "risk", "ask", "sections", "basis", "bases", "sent_at",
            "accept_due_at", "answer_due_at", "due_at", "accepted_at", "responded_at", "result",
        )  # fmt: skip
        read_only_fields = fields


class WholeLetterSerializer(LetterSerializer):
    """One letter with its words."""

    ask_note = serializers.CharField(read_only=True)
    notes = NoteSerializer(many=True, read_only=True)

    class Meta(LetterSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (*LetterSerializer.Meta.fields, "ask_note", "notes")
        read_only_fields = fields


class Versioned(serializers.Serializer[Any]):
    """A step on the letter as it was read: `version` is the one that the system has seen."""

    version = serializers.IntegerField(min_value=1, error_messages={"required": _("Say which version you have read.")})


class DeclineSerializer(Versioned):
    """Declining gives its reason."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices, error_messages=_CHOOSE)
    text = serializers.CharField(max_length=600, error_messages=_IN_WORDS)


class RespondSerializer(Versioned):
    """The answer: what came of it, and what was done."""

    result = serializers.ChoiceField(choices=ANSWER_CHOICES, error_messages=_CHOOSE)
    text = serializers.CharField(max_length=2000, error_messages=_IN_WORDS)
    papers = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False, help_text="Files, in a multipart request only."
    )  # fmt: skip
    paper_kind = serializers.ChoiceField(choices=PaperKind.choices, required=False, error_messages=_CHOOSE)
    paper_section = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in PAPER_SECTIONS], required=False, error_messages=_CHOOSE,
        help_text="coordination (the centre alone, the default) or one of the letter's sections.",
    )  # fmt: skip

    def validate_papers(self, value: list[Any]) -> list[Upload]:
        """The same checks as on the page."""
        try:
            return PapersField(required=False).clean(value)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Files, kind and section go together."""
        kind, section = attrs.pop("paper_kind", PaperKind.REPLY), attrs.pop("paper_section", Section.COORDINATION)
        return attrs | {"papers": Papers(attrs.pop("papers", []), kind, section)}


class ProgressSerializer(serializers.Serializer[Any]):
    """What has been done so far."""

    text = serializers.CharField(max_length=2000, error_messages=_IN_WORDS)


class AskTimeSerializer(Versioned):
    """More time: until when, and why."""

    until = serializers.DateTimeField(error_messages={"required": _("Choose a time that is still to come.")})
    text = serializers.CharField(max_length=600, error_messages=_IN_WORDS)
