"""移交: another centre goes on with a case (人户分离, moving). Asked, taken over, returned or recalled; one centre is responsible at any time.

The earlier centre stays responsible, and all that it owes stays owed, until the other one has taken the case over. Then a linked case
with a key and a number of its own stands there with its next step, and the earlier one is a stub that never names the destination.
"""

from cases.services.transfers.asking import transfer_ask, transfer_recall, transfer_return
from cases.services.transfers.common import obstacles
from cases.services.transfers.listing import Waiting, late_step, subjects, taken_over, waiting
from cases.services.transfers.taking import transfer_accept

__all__ = [
    "Waiting", "late_step", "obstacles", "subjects", "taken_over", "transfer_accept", "transfer_ask", "transfer_recall", "transfer_return",
    "waiting",
]  # fmt: skip
