"""The application's transition table."""

from __future__ import annotations

from core.workflow import Edge, Workflow, register
from legalaid.enums import AidStatus as S

AID = register(
    Workflow(
        table="legalaid_application",
        initial=(S.APPLIED,),
        edges=(
            Edge("grant", (S.APPLIED,), S.GRANTED, "法律援助法第43条：七日内作出决定"),
            Edge("refuse", (S.APPLIED,), S.REFUSED, "法律援助法第43条：不予援助须书面说明理由"),
            Edge("assign", (S.GRANTED,), S.ASSIGNED, "法律援助法第43条：自决定之日起三日内指派"),
            Edge("close", (S.APPLIED, S.GRANTED, S.REFUSED, S.ASSIGNED), S.CLOSED, "法律援助法第48条：终止；办结"),
        ),
    )
)
