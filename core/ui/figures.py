"""Figures as people read them on a page; files and programs get plain numbers."""

from __future__ import annotations

from typing import Any


def grouped(value: Any) -> Any:
    """2,985 for 2985; whatever is no whole number stays as it is. By threes in every language, as Chinese statistics print them."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
