"""Years that are over, for bulk loading."""

from caremgmt.demo.history.rows import History

__all__ = ["History"]
