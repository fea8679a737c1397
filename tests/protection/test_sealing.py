"""What lies in the tables is ciphertext: searched byte by byte for every planted word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from cases.models import Case, PartyIdentity, RiskAssessment, SectionText
from core import keys
from core.crypto.errors import SealBroken
from core.fields import Ciphertext
from tests import environment
from tests.permissions.planted import Scene, texts_of
from tests.protection.sql import ask
from tests.roles import as_owner


def _every_value() -> list[tuple[str, str, str]]:
    """(table, column, all bytes of it as hex text) of everything that could hold a word."""
    found = []
    with as_owner():
        columns = ask(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'character', 'bytea', 'jsonb', 'json', 'ARRAY')"
        )
        for table, column, kind in columns:
            shown = (
                f"encode(\"{column}\", 'hex')"
                if kind == "bytea"
                else f"encode(convert_to(\"{column}\"::text, 'UTF8'), 'hex')"
            )
            rows = ask(f'SELECT string_agg({shown}, \'|\') FROM "{table}" WHERE "{column}" IS NOT NULL')
            found.append((table, column, rows[0][0] or ""))
    return found


def _readable(scene: Scene) -> set[str]:
    """Numbers of cases and letters are spoken, not secret."""
    spoken = set()
    with as_owner():
        spoken |= set(Case._base_manager.values_list("number", flat=True))
        spoken |= {number for (number,) in ask("SELECT number FROM referrals_referral")}
    return spoken


def test_no_planted_word_lies_readable_in_any_table(scene: Scene) -> None:
    secret = {word.encode().hex(): word for word in scene.everything() - _readable(scene)}
    assert len(secret) > 100
    leaks = [
        (table, column, word) for table, column, blob in _every_value() for code, word in secret.items() if code in blob
    ]
    assert leaks == []


def test_the_search_finds_what_is_readable(scene: Scene) -> None:
    """Else the test above could be blind."""
    spoken = {number.encode().hex() for number in _readable(scene)}
    tables = {table for table, _column, blob in _every_value() for code in spoken if code in blob}
    assert {"cases_case", "referrals_referral", "cases_historicalcase"} <= tables


def test_no_planted_word_stands_in_the_servers_log(scene: Scene) -> None:
    logs = [path for path in Path(environment.folder()).rglob("*.log") if os.access(path, os.R_OK)]
    homes = environment.server().home.logs if hasattr(environment.server(), "home") else None
    logs += list(Path(homes).glob("*")) if homes else []
    assert logs
    text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs if path.is_file())
    assert {word for word in scene.everything() if word in text} == set()


def test_other_sessions_see_no_words_in_the_activity_view(scene: Scene) -> None:
    text = "\n".join(str(row) for row in ask("SELECT query FROM pg_stat_activity"))
    assert {word for word in scene.everything() if word in text} == set()


def test_history_opens_like_its_original(scene: Scene) -> None:
    case = scene["accepted"]
    words = case.words["medical"]
    with scene.world.acting("manager"):
        row = SectionText.objects.get(case_id=case.id, section="medical")
        old = row.history.order_by("history_date").first()
        assert old.text in words
        assert isinstance(ask("SELECT text FROM cases_historicalsectiontext WHERE id = %s", [row.pk])[0][0], memoryview)
        names = {one.name for one in PartyIdentity.history.filter(case_id=case.id)}
    assert names <= case.words["identity"] | case.words["reporter"]
    assert names


def test_history_is_closed_to_whom_the_original_is_closed(scene: Scene) -> None:
    for person, sections in (
        ("xishan_manager", set()),
        ("operator", set()),
        ("manager2", {"medical", "incident", "risk"}),
    ):
        with scene.world.acting(person):
            rows = ask(
                "SELECT DISTINCT section FROM cases_historicalsectiontext WHERE case_id = %s", [scene["accepted"].id]
            )
        assert {section for (section,) in rows} >= sections
        assert "counselling" not in {section for (section,) in rows}
        assert bool(rows) == bool(sections)


def test_history_is_never_rewritten(scene: Scene) -> None:
    from core.identity import as_verb
    from tests.protection.sql import refused

    with scene.world.acting("manager"):
        refused("DELETE FROM cases_historicalsectiontext")
        refused("UPDATE cases_historicalsectiontext SET version = 7")
        with as_verb([scene["accepted"].id]):
            refused("DELETE FROM cases_historicalsectiontext")


@pytest.mark.parametrize("move", ["row", "case", "concept", "bit"])
def test_moved_or_changed_ciphertext_does_not_open(scene: Scene, move: str) -> None:
    case, other = scene["accepted"], scene["offered"]
    rows = {row.section: row for row in texts_of(case)}
    strangers = {row.section: row for row in texts_of(other)}
    with as_owner(), connection.cursor() as cursor:
        target = rows["legal"]
        source = {"row": rows["medical"], "case": strangers["legal"], "concept": rows["medical"], "bit": target}[move]
        cursor.execute("SELECT text FROM cases_sectiontext WHERE id = %s", [source.pk])
        blob = bytearray(cursor.fetchone()[0])
        if move == "bit":
            blob[-1] ^= 1
        if move == "concept":
            cursor.execute("UPDATE cases_riskassessment SET note = %s WHERE case_id = %s", [bytes(blob), case.id])
        else:
            cursor.execute("UPDATE cases_sectiontext SET text = %s WHERE id = %s", [bytes(blob), target.pk])
    keys.forget()
    with scene.world.acting("manager"):
        with pytest.raises(SealBroken):
            _ = (
                RiskAssessment.objects.get(case_id=case.id).note
                if move == "concept"
                else SectionText.objects.get(pk=target.pk).text
            )
        assert SectionText.objects.get(pk=rows["children"].pk).text


def test_without_its_data_key_a_case_is_only_noise(scene: Scene) -> None:
    """Destroying the key row destroys what it sealed."""
    case = scene["accepted"]
    with as_owner():
        ask("DELETE FROM core_datakey WHERE subject = %s", [case.id])
    keys.forget()
    with scene.world.acting("manager"):
        row = SectionText.objects.get(case_id=case.id, section="medical")
        assert isinstance(row.__dict__["text"], Ciphertext)
        with pytest.raises(KeyError):
            _ = row.text


def test_a_plain_word_never_travels_in_a_query(scene: Scene) -> None:
    with scene.world.acting("manager"), pytest.raises(TypeError):
        list(SectionText.objects.filter(text="某词"))
