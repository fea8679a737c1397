"""Pages of a long list without a count; the pager itself lives on the ground floor."""

from core.keyset import Slice, keyset

__all__ = ["Slice", "keyset"]
