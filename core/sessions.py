"""Sessions whose rows are worth nothing to whoever reads or copies them.

The table must be open to the web role before an identity can exist, so an injection could read all of it. A row's key is the hash of
the cookie, and what is signed into the row is bound to the cookie: neither can a key that was read be sent as a cookie, nor another's
row be copied under a key of one's own.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone


def stored_key(session_key: str) -> str:
    """The key under which a cookie's session stands in the table (its column has 40 characters: 160 bits)."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's sessions in the database, under hashed keys."""

    @property
    def key_salt(self) -> str:
        """What was signed for one cookie is a bad signature under every other."""
        return f"core.sessions.{self.session_key}"

    def _get_session_from_db(self) -> Any:
        found = self.model.objects.filter(
            session_key=stored_key(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether a session stands under this cookie."""
        return bool(super().exists(stored_key(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to be saved: under the hash."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Forget the session of this cookie (of the own one without an argument)."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=stored_key(key)).delete()
