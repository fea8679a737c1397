"""`manage.py build_assets`: the icon sprite and the layered copy of Tabler's style sheet, at set-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.ui.icons import ICONS, build_sprite

CHARSET = '@charset "UTF-8";'


def in_layer(css: str, layer: str) -> str:
    """A style sheet put into a cascade layer, so that ours wins without fighting for specificity.

    An `@import … layer()` would do the same at the price of a second round trip, and tools that read style sheets would inject copies.
    """
    return f"@layer {layer}{{{css.removeprefix(CHARSET)}}}\n"


class Command(BaseCommand):
    help = "Write icons.svg and tabler.layer.css into var/vendor."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        base = Path(settings.BASE_DIR)
        parser.add_argument(
            "--icons", type=Path, default=base / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
        )
        parser.add_argument("--vendor", type=Path, default=base / "var" / "vendor")

    def handle(self, *args: Any, icons: Path, vendor: Path, **options: Any) -> None:
        try:
            sprite = build_sprite(icons)
            css = (vendor / "tabler.min.css").read_text(encoding="utf-8")
        except FileNotFoundError as missing:
            raise CommandError(str(missing)) from missing
        (vendor / "icons.svg").write_text(sprite, encoding="utf-8")
        (vendor / "tabler.layer.css").write_text(in_layer(css, "vendor"), encoding="utf-8")
        self.stdout.write(f"{len(ICONS)} icons and Tabler's layer in {vendor}")
