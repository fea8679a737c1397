"""Catalogues: nothing is forgotten, nothing invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from core.ui.catalogues import ROOMS, Catalogues


@pytest.fixture
def project(tmp_path: Path) -> Catalogues:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "words.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        "_('Save'); pgettext('month', 'May'); ngettext('%(n)d case', '%(n)d cases', 2)\n"
    )
    (tmp_path / "templates" / "components").mkdir(parents=True)
    (tmp_path / "templates" / "components" / "x.html").write_text(
        "<p>it's\n  {% trans 'Open' %}</p>\n{% chip _(\"Late\") %} {% blocktrans trimmed %}Hello {{ who }}{% endblocktrans %}"
    )
    return Catalogues(tmp_path, rooms=("core",))


def fill(project: Catalogues, **translations: str) -> None:
    path = project.po_path("core")
    text = path.read_text()
    for english, chinese in translations.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{chinese}"')
    path.write_text(text)


def test_code_templates_and_arguments_of_tags_are_found(project: Catalogues) -> None:
    found = {m.id if isinstance(m.id, str) else m.id[0] for m in project.found("core") if m.id}
    assert found == {"Save", "May", "%(n)d case", "Open", "Late", "Hello %(who)s"}


def test_translation_survives_the_next_extraction_and_the_obsolete_goes(project: Catalogues) -> None:
    assert project.extract("core") == 6
    fill(project, Save="保存", Open="未完成")
    (project.base / "core" / "words.py").write_text("from django.utils.translation import gettext as _\n_('Save')\n")
    assert project.extract("core") == 2
    text = project.po_path("core").read_text()
    assert "保存" in text
    assert "May" not in text


def test_check_names_what_is_missing_fuzzy_or_misspelt(project: Catalogues) -> None:
    assert len(project.problems("core")) == 6
    project.extract("core")
    fill(project, Save="保存")
    path = project.po_path("core")
    path.write_text(
        path.read_text().replace('msgid "Hello %(who)s"\nmsgstr ""', 'msgid "Hello %(who)s"\nmsgstr "您好 %(whom)s"')
    )
    problems = "\n".join(project.problems("core"))
    assert "'Save'" not in problems
    assert "'Open' is not translated" in problems
    assert "has the placeholders ['%(whom)s']" in problems


def test_compiling_twice_writes_once(project: Catalogues) -> None:
    project.extract("core")
    assert project.compile("core")
    written = project.po_path("core").with_suffix(".mo").stat().st_mtime_ns
    assert project.compile("core")
    assert project.po_path("core").with_suffix(".mo").stat().st_mtime_ns == written


@pytest.mark.parametrize("room", ROOMS)
def test_every_message_of_the_room_is_translated(room: str) -> None:
    assert Catalogues(Path(settings.BASE_DIR)).problems(room) == []


def test_no_word_is_said_differently_in_two_rooms() -> None:
    assert Catalogues(Path(settings.BASE_DIR)).disagreements() == []


def test_a_word_said_differently_in_two_rooms_is_named(project: Catalogues) -> None:
    (project.base / "cases").mkdir()
    (project.base / "cases" / "words.py").write_text("from django.utils.translation import gettext as _\n_('Save')\n")
    both = Catalogues(project.base, rooms=("core", "cases"))
    for room, words in (("core", "保存"), ("cases", "存档")):
        both.extract(room)
        path = both.po_path(room)
        path.write_text(path.read_text().replace('msgid "Save"\nmsgstr ""', f'msgid "Save"\nmsgstr "{words}"'))
    [said] = both.disagreements()
    assert said == "'Save' is said differently: 保存 in core; 存档 in cases"
