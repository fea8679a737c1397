"""What exists and must not be known answers like what was never there: the same status, bytes, headers and statements."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.permissions.matrix import CLOSED, KINDS, MATRIX, PEOPLE, SCOPED
from tests.permissions.planted import Scene
from tests.permissions.test_matrix import OBJECT_ROUTES, Walk, _expected, _readable, walk_of

__all__ = ["walk_of"]
ASKERS = ("manager2", "xishan_manager", "justice_liaison", "operator", "keeper")
VARYING = {
    "x-request-id",
    "server-timing",
    "content-length",
}  # the page with its token taken out is compared byte for byte
_TOKEN = re.compile(
    r'(csrfmiddlewaretoken" value=|X-CSRFToken&quot;: &quot;|nonce=|nonce-|"X-CSRFToken": ?)"?[\w+/=-]+'
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VALUE = re.compile(r"'[^']*'|\bs\d+_x\d+\b|\b\d+(?:\.\d+)?\b")  # savepoints have names of their own


def answer(walk: Walk, person: str, url: str, method: str) -> tuple[int, str, dict[str, str], list[str]]:
    """Everything that can be told apart: status, body, headers, and which statements were asked in which order."""
    client = walk.clients[person]
    client.cookies.clear()
    client.cookies["sessionid"] = walk.sessions[person]
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        response: Any = getattr(client, method)(url)
        content = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
        transaction.set_rollback(True)
    text = _ID.sub("id", _TOKEN.sub("token", content.decode()))
    headers = {
        name.lower(): _ID.sub("id", _TOKEN.sub("token", value))
        for name, value in response.headers.items()
        if name.lower() not in VARYING
    }
    return response.status_code, text, headers, [_VALUE.sub("?", query["sql"]) for query in asked.captured_queries]


@pytest.mark.parametrize("name", [name for name in OBJECT_ROUTES if set(MATRIX[name].objects) & SCOPED])
def test_forbidden_and_missing_are_the_same(scene: Scene, walk_of: Walk, name: str) -> None:
    row = MATRIX[name]
    method = "get" if _readable(row) else "post"
    missing = reverse(name, args=[uuid4() if kind in KINDS else kind for kind in row.args])
    for person in ASKERS:
        if PEOPLE[person] not in row.roles:
            continue
        nothing = answer(walk_of, person, missing, method)
        assert nothing[0] == 404
        for thing in walk_of.names(row):
            for url in walk_of.urls(row, thing)[:1]:
                if _expected(scene, row, person, thing, url) == CLOSED:
                    found = answer(walk_of, person, url, method)
                    if (
                        found != nothing
                    ):  # what is kept for a minute may have run out between the two; a difference that stays is one
                        nothing, found = answer(walk_of, person, missing, method), answer(walk_of, person, url, method)
                    assert found == nothing, (person, thing)
