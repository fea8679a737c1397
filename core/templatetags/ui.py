"""The product's components as template tags; `/styleguide/` shows every one of them.

Small ones that stand in every row of a list are written in Python, the others are templates in `templates/components/`.
"""

from __future__ import annotations

from core.ui.tags import facts, forms, lists, page, requests, safety, words  # noqa: F401 - each registers its tags
from core.ui.tags.base import register

__all__ = ["register"]
