"""The stay's transition table."""

from __future__ import annotations

from core.workflow import Edge, Workflow, register
from shelter.enums import StayStatus as S

STAY = register(
    Workflow(
        table="shelter_stay",
        initial=(S.HELD,),
        edges=(
            Edge("check_in", (S.HELD,), S.CHECKED_IN, "庇护申请登记后入住：民发〔2015〕189号"),
            Edge("release", (S.HELD,), S.RELEASED, "不再需要时腾出床位"),
            Edge("expire", (S.HELD,), S.RELEASED, "预留到期自动释放"),
            Edge(
                "check_out",
                (S.CHECKED_IN,),
                S.CHECKED_OUT,
                "书面申请离开；未成年人由核实的监护人接走：民发〔2015〕189号",
            ),
        ),
    )
)
