"""Logs say what kind of thing went wrong and where, never with whose data."""

from __future__ import annotations

import logging
import traceback


class WithoutValues(logging.Filter):
    """Replace an exception's text by its type and place: database errors quote rows, and rows are people."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            place = " < ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in reversed(frames[-6:]))
            record.msg = f"{record.name}: {type(error).__name__} at {place}"
            record.args = ()
            record.exc_info = None
            record.exc_text = None
        return True
