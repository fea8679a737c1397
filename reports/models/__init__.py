"""Tables of the reports room."""

from reports.models.fact import Fact
from reports.models.month import MonthReport, MonthStep, state_label
from reports.models.revision import Revision

__all__ = ["Fact", "MonthReport", "MonthStep", "Revision", "state_label"]
