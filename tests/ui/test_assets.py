"""What set-up makes for the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from core.management.commands.build_assets import in_layer
from core.ui.icons import ICONS, build_sprite

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def test_sprite_holds_one_symbol_for_each_icon(tmp_path: Path) -> None:
    for name in ICONS:
        (tmp_path / f"{name}.svg").write_text(
            '<svg width="24"><path stroke="none" d="M0 0h24v24H0z" fill="none"/><path d="M1 1"/></svg>'
        )
    sprite = build_sprite(tmp_path)
    assert len(re.findall("<symbol ", sprite)) == len(ICONS)
    assert "M0 0h24v24H0z" not in sprite


def test_missing_icon_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="activity"):
        build_sprite(tmp_path)


def test_layered_style_sheet_has_no_charset_inside() -> None:
    assert in_layer('@charset "UTF-8";a{b:c}', "vendor") == "@layer vendor{a{b:c}}\n"


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_template_compiles_and_keeps_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son(click|load|change|submit|input)=|javascript:", text)
    for attributes in re.findall(r"<script([^>]*)>", text):
        assert "src=" in attributes or "application/json" in attributes
    get_template(path.relative_to(TEMPLATES).as_posix())
