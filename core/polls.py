"""What the polls of all rooms share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

log = logging.getLogger(__name__)


def kept_apart(step: Callable[..., bool], *row: UUID) -> bool:
    """One row that cannot be carried out is told to the log and must not keep back all the others behind it."""
    try:
        return step(*row)
    except Exception as error:  # noqa: BLE001 - whatever one row raises, the next one is owed all the same
        log.critical("%s of %s failed: %s", step.__name__, row[0], type(error).__name__)
        return False
