"""The form field for several files: each is checked, and what is refused is named beside the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.uploads.accepting import TYPES, Upload, accepted
from core.uploads.refusing import Refused


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PapersField(forms.Field):
    """Up to `PAPER_MAX_FILES` files; gives a list of Upload. A browser never fills it in again: after an error they are chosen once more."""

    widget = _ManyFiles

    def __init__(self, **kwargs: Any) -> None:
        limits = {"files": settings.PAPER_MAX_FILES, "megabytes": settings.PAPER_MAX_BYTES // (1024 * 1024)}
        said = _("PDF, JPEG, PNG or Word (.docx), {files} files at most, {megabytes} MB each. Photos lose the place where they were taken.")  # fmt: skip
        kwargs.setdefault("help_text", format_lazy(said, **limits))
        kwargs.setdefault("error_messages", {"required": _("Choose a file.")})
        super().__init__(**kwargs)
        extensions = ",".join(sorted({f".{kind.extension}" for kind in TYPES.values()} | {".jpeg"}))
        self.widget.attrs |= {"multiple": True, "accept": extensions}

    def clean(self, value: Any) -> list[Upload]:
        """The files as they may be kept. ValidationError names each one that is not taken."""
        files = [one for one in (value if isinstance(value, (list, tuple)) else [value]) if one]
        if not files:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > settings.PAPER_MAX_FILES:
            raise forms.ValidationError(
                _("%(most)s files at most at one time.") % {"most": settings.PAPER_MAX_FILES}, code="too_many"
            )
        taken, errors = [], []
        for file in files:
            try:
                taken.append(read(file))
            except Refused as refused:
                words = {"name": file.name, "why": refused.message}
                errors.append(forms.ValidationError(_("“%(name)s”: %(why)s") % words, code=refused.code))
        if errors:
            raise forms.ValidationError(
                [*errors, forms.ValidationError(_("Choose all files once more."), code="again")]
            )
        return taken


def read(file: UploadedFile) -> Upload:
    """One file of a request, checked. Raises Refused."""
    return accepted(file.name or "", file.read(), file.size)
