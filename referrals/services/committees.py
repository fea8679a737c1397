"""Which committee stands above a late department in its own region, and the director's paper to it that the clock asks for.

The political-legal committee coordinates police and justice; the working committee for women and children has the other departments as
members. Nobody stands above courts and procuratorates here (a letter of request is all), and the federation has its own line.
"""

from __future__ import annotations

from agencies.enums import Role, UnitKind
from agencies.models import Unit
from cases.enums import Risk
from cases.models import WorkItem
from cases.services import workitems
from referrals.models import Referral
from referrals.services.common import COMMITTEE

POLITICAL_LEGAL_LINE = frozenset({UnitKind.POLICE, UnitKind.JUSTICE, UnitKind.LEGAL_AID, UnitKind.GOVERNANCE})
# Bodies that no committee of a region coordinates: the federation's own, courts and procuratorates, private providers, the committees themselves.
WITHOUT_COMMITTEE = frozenset(
    {
        UnitKind.FEDERATION, UnitKind.COURT, UnitKind.PROCURATORATE, UnitKind.PROVIDER, UnitKind.POLITICAL_LEGAL, UnitKind.WORKING_COMMITTEE,
    }
)  # fmt: skip


def committee_of(unit: Unit) -> Unit | None:
    """The committee above a unit, of the region (county, prefecture, province) that the unit belongs to; None where the tree has none."""
    if unit.kind in WITHOUT_COMMITTEE:
        return None
    here = Unit.objects.filter(region_id=unit.region_id[:6], is_active=True)
    kinds = [UnitKind.WORKING_COMMITTEE]
    if unit.kind in POLITICAL_LEGAL_LINE:
        kinds.insert(0, UnitKind.POLITICAL_LEGAL)
    found = {each.kind: each for each in here.filter(kind__in=kinds).order_by("-name")}
    return next((found[kind] for kind in kinds if kind in found), None)


def owe_report(row: Referral) -> bool:
    """The director owes the paper to the committee; False where there is none. As the worker, in a verb on the case."""
    if committee_of(row.unit) is None:
        return False
    workitems.open_item(
        COMMITTEE, office_id=row.office_id, source_id=row.pk, case=row.case, owner_role=Role.DIRECTOR, urgent=row.risk == Risk.HIGH
    )  # fmt: skip
    return True


def is_report_owed(row: Referral) -> bool:
    """Whether the clock has come to this step and the paper has not gone out."""
    return WorkItem.objects.filter(kind=COMMITTEE, source_id=row.pk, done_at__isnull=True).exists()
