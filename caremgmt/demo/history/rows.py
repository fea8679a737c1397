"""Rows of a planned period, for bulk loading: every case with its people, texts, steps, services, referrals and callback, closed."""

from __future__ import annotations

import datetime as dt

from caremgmt.demo.history.cases import Cases
from caremgmt.demo.plan import OrderPlan, Plan
from caremgmt.directory.tables import divisions
from cases.enums import OrderKind
from cases.models import (
    Order,
)  # fmt: skip
from core.clock import SHANGHAI


class History(Cases):
    """Turns plans into rows."""

    def load(self, plan: Plan) -> int:
        """Write a period; returns the number of rows."""
        for case in plan.cases:
            self._case(case)
        for advice in plan.advice:
            self._advice(advice)
        for order in plan.orders:
            self._order(order)
        return self.batch.write()

    def _order(self, plan: OrderPlan) -> None:
        office = self.directory.centre(plan.region)
        year = plan.issued_on.year
        code = self._code("督监", office.region_id, year)
        self.batch.add(
            Order(
                id=plan.id, office=office, case_id=plan.case, kind=OrderKind.SUPERVISION_ORDER,
                document_number=f"{divisions()[plan.region].name.removesuffix('自治县')[:3]}检未督监〔{year}〕{code}号",
                issuer=self.directory.unit(plan.region, "procuratorate").name, region_id=plan.region, issued_on=plan.issued_on,
                valid_until=plan.issued_on + dt.timedelta(days=183), entered_at=dt.datetime.combine(plan.issued_on, dt.time(17), SHANGHAI),
            )
        )  # fmt: skip
