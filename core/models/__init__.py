"""Tables of the ground floor."""

from core.models.accesslog import AccessLog, LogSeal
from core.models.audit import Audit
from core.models.datakey import DataKey
from core.models.installation import ClockOffset, IdentityKey, Installation
from core.models.job import Job
from core.models.numbering import Counter
from core.models.outbox import OutboxItem
from core.models.workday import WorkDay

__all__ = [
    "AccessLog",
    "Audit",
    "ClockOffset",
    "Counter",
    "DataKey",
    "IdentityKey",
    "Installation",
    "Job",
    "LogSeal",
    "OutboxItem",
    "WorkDay",
]
