"""History rows of a verb are written together at its end, not each behind the row that it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from core import clock
from core.engine import write_later
from core.writing import inserts, send

_records: dict[type[models.Model], JointRecords] = {}


class JointRecords(HistoricalRecords):
    """Remembers a row as it is now; outside a verb it is written at once."""

    def create_history_model(self, model: type[models.Model], inherited: bool) -> Any:
        """Keep in mind who remembers the rows of `model`."""
        _records[model] = self
        return super().create_history_model(model, inherited)

    def row_of(self, instance: models.Model, history_type: str) -> models.Model:
        """The history row, with the values that the row has at this moment."""
        made: models.Model = getattr(instance, self.manager_name).model(
            history_date=getattr(instance, "_history_date", clock.now()), history_type=history_type, history_user=self.get_history_user(instance),
            history_change_reason=self.get_change_reason_for_object(instance, history_type, None),
            **{field.attname: getattr(instance, field.attname) for field in self.fields_included(instance)},
        )  # fmt: skip
        return made

    def create_historical_record(self, instance: models.Model, history_type: str, using: str | None = None) -> None:
        """Called by simple_history after each saving."""
        write_later(self.row_of(instance, history_type))


def save_new(rows: Sequence[models.Model]) -> None:
    """Write new rows of several tables in one round trip, in this order; what remembers them follows at the end of the verb."""
    send(inserts(rows))
    for row in rows:
        if records := _records.get(type(row)):
            write_later(records.row_of(row, "+"))
