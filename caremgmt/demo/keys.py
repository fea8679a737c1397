"""Keys of agencies' own systems: one in force, one that waits for the second administrator."""

from __future__ import annotations

import datetime as dt

from agencies.identities import identity_of_user
from agencies.models import Unit, User
from agencies.services.keys import key_confirm, key_request
from caremgmt.demo.accounts import WUHUA
from caremgmt.directory.ids import unit_id
from core import clock
from core.identity import WEB, acting_as

SYSTEMS = [("justice", "五华司法协同平台", True), ("civil_affairs", "五华民政救助系统", False)]


def load_keys() -> int:
    """Ask for the keys as one administrator and confirm as the other. Returns how many were made."""
    first, second = (identity_of_user(User.objects.get(username=name)) for name in ("xitong.yunnan", "xitong2.yunnan"))
    for body, system, confirmed in SYSTEMS:
        unit = Unit.objects.get(pk=unit_id(WUHUA, body))
        with acting_as(first, role=WEB) as by:
            row = key_request(
                by=by, unit=unit, system=system, valid_until=clock.day_bounds(clock.today() + dt.timedelta(days=365))[1]
            )
        if confirmed:
            with acting_as(second, role=WEB) as by:
                key_confirm(key_id=row.pk, by=by, version=row.version)
    return len(SYSTEMS)
