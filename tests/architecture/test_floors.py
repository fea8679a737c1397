"""A room knows only the floors below it: in foreign keys, links and included templates (imports are import-linter's)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.apps import apps

from caremgmt.local.environment import PROJECT
from tests.architecture.source import FLOORS, TEMPLATES, may_know, place, python_files, room_of_template, tree

ROOMS_ON_DISK = {
    ".ci", "agencies", "caremgmt", "cases", "core", "docs", "hotline", "legalaid", "referrals", "reports", "requirements", "shelter",
    "static", "templates", "tests",
}  # fmt: skip
FILES_ON_DISK = {
    "Dockerfile",
    "Makefile",
    "docker-compose.yml",
    "manage.py",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
}
# caremgmt's own pages are few; these names are other people's (the login library, Django) or the shell's.
ROUTE = re.compile(r"^([a-z]+):[a-z0-9_-]+$")


def test_the_top_level_is_the_one_that_was_asked_for() -> None:
    for folder in ROOMS_ON_DISK:
        assert (PROJECT / folder).is_dir(), folder
    for name in FILES_ON_DISK:
        assert (PROJECT / name).is_file(), name


def test_every_room_is_an_app_and_every_own_app_is_a_room() -> None:
    own = {config.name for config in apps.get_app_configs() if PROJECT in __import__("pathlib").Path(config.path).resolve().parents
           and "site-packages" not in config.path}  # fmt: skip
    assert own == set(FLOORS)


def test_foreign_keys_point_to_the_same_or_a_lower_floor() -> None:
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        room = model._meta.app_label
        if room not in FLOORS:
            continue
        for field in model._meta.get_fields():
            if field.auto_created and not field.concrete:
                continue  # the other end's view of the same key
            target = getattr(field.related_model, "_meta", None)
            if target is not None and target.app_label in FLOORS and not may_know(room, target.app_label):
                wrong.append(f"{model._meta.label}.{field.name} -> {target.label}")
    assert wrong == [], "\n".join(wrong)


def _template_links() -> Iterator[tuple[str, str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        room = room_of_template(path)
        text = path.read_text(encoding="utf-8")
        where = str(path.relative_to(TEMPLATES))
        for name in re.findall(r"{%-?\s*url\s+['\"]([a-z]+):", text):
            yield where, room, name
        for name in re.findall(r"{%-?\s*(?:include|extends)\s+['\"]([^'\"]+)['\"]", text):
            yield where, room, room_of_template(TEMPLATES / name)


def test_templates_link_and_include_only_the_same_or_a_lower_floor() -> None:
    # Every page extends the shell, which is composed at the top: the one thing that all rooms may name.
    wrong = [
        f"{where} -> {other}"
        for where, room, other in _template_links()
        if other in FLOORS and other != "caremgmt" and not may_know(room, other)
    ]
    assert wrong == [], "\n".join(wrong)


def test_code_names_only_routes_of_the_same_or_a_lower_floor() -> None:
    wrong = []
    for room, path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := ROUTE.match(node.value)):
                other = found.group(1)
                if other in FLOORS and not may_know(room, other):
                    wrong.append(f"{place(path, node)} {node.value}")
    assert wrong == [], "\n".join(wrong)


def test_pages_extend_and_fragments_do_not() -> None:
    fragments = sorted(TEMPLATES.rglob("_*.html"))
    wrong = [str(path.relative_to(TEMPLATES)) for path in fragments if "{% extends" in path.read_text(encoding="utf-8")]
    assert wrong == [], "\n".join(wrong)


def test_there_are_no_signals_between_apps() -> None:
    wrong = []
    for _room, path in python_files():
        for node in ast.walk(tree(path)):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            wrong += [
                f"{place(path, node)} {name}"
                for name in names
                if "signals" in name or name == "django.dispatch.receiver"
            ]
    assert wrong == [], "\n".join(wrong)


def test_there_are_no_generic_foreign_keys() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.private_fields
    ]
    assert wrong == [], "\n".join(wrong)
