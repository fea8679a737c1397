"""Encrypted model fields: what lies in the table is ciphertext, what the code reads is text."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core import keys
from core.crypto import Algorithm, open_sealed, seal


class Ciphertext(bytes):
    """A sealed value as it came from the database, not yet opened."""


class SealedAttribute(DeferredAttribute):
    """Opens the value on first reading, with the data key of the row's subject."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            field: SealedTextField = self.field  # type: ignore[assignment]
            value = field.opened(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        # A data descriptor: without this, Python would hand out the ciphertext from the instance's own dictionary.
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.Field):
    """Text encrypted with the data key of the row's subject; `concept` and the row's id are bound into it.

    `subject` names the attribute that holds the subject's id (the case's, contact's or person's). NULL and "" stay what they are.
    """

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, concept: str, subject: str = "case_id", **kwargs: Any) -> None:
        self.concept = concept
        self.subject = subject
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs |= {"concept": self.concept, "subject": self.subject}
        if self.default == "":
            kwargs.pop("default", None)
        return name, path, args, kwargs

    def _subject_of(self, instance: Any) -> UUID:
        subject = getattr(instance, self.subject)
        if subject is None:
            raise ValueError(f"{self.concept}: no subject yet")
        return subject  # type: ignore[no-any-return]

    def opened(self, instance: Any, value: Ciphertext) -> Any:
        """The plain text of `value` on this row."""
        return self._opened_bytes(instance, value).decode()

    def _opened_bytes(self, instance: Any, value: Ciphertext) -> bytes:
        if not value:
            return b""
        key = keys.data_key(self._subject_of(instance))
        return open_sealed(key, bytes(value), concept=self.concept, row_id=instance.id)

    def _sealed(self, instance: Any, value: bytes) -> bytes:
        key = keys.data_key(self._subject_of(instance))
        algorithm = cast("Algorithm", settings.FIELD_ALGORITHM)
        return seal(key, value, concept=self.concept, row_id=instance.id, algorithm=algorithm)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else Ciphertext(bytes(value))

    def get_default(self) -> Any:
        return None if self.null and self.default in ("", None) else ""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Ciphertext):
            return value
        if value == "":
            return b""
        return self._sealed(model_instance, str(value).encode())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            if value:
                raise TypeError(f"{self.concept}: plain text never travels in a query")
            value = b""
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(value)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("sealed fields are not serialised")

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.attname)

    def formfield(self, **kwargs: Any) -> Any:  # forms are written out, never derived from sealed fields
        return None


class SealedBytesField(SealedTextField):
    """A file's bytes, sealed in the same way. Empty is refused: a file says something or is not there."""

    def get_default(self) -> Any:
        return None

    def opened(self, instance: Any, value: Ciphertext) -> bytes:
        """The bytes of `value` on this row."""
        return self._opened_bytes(instance, value)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Ciphertext):
            return value
        if not value:
            raise ValueError(f"{self.concept}: nothing to seal")
        return self._sealed(model_instance, value)
