"""Months: the first day stands for the whole month."""

from __future__ import annotations

import datetime as dt

from django import forms


def shift(month: dt.date, by: int) -> dt.date:
    """The month that lies `by` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + by
    return dt.date(index // 12, index % 12 + 1, 1)


class MonthInput(forms.TextInput):
    """The browser's own choice of a month."""

    input_type = "month"
