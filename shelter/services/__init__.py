"""All writes of the refuges."""

from shelter.services.holding import hold_expire, stale_holds, stay_hold, stay_release
from shelter.services.house import house_open
from shelter.services.staying import stay_check_in, stay_check_out, stay_extend

__all__ = [
    "hold_expire",
    "house_open",
    "stale_holds",
    "stay_check_in",
    "stay_check_out",
    "stay_extend",
    "stay_hold",
    "stay_release",
]
