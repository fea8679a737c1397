"""The contact's transition table."""

from __future__ import annotations

from core.workflow import Edge, Workflow, register
from hotline.enums import ContactStatus as S

CONTACT = register(
    Workflow(
        table="hotline_contact",
        initial=(S.DRAFT,),
        edges=(
            Edge("log", (S.DRAFT,), S.DONE, "来访来电登记，写明处理结果"),
            Edge("log_owing", (S.DRAFT,), S.OPEN, "答应回电的、寻人的，登记后仍有事项待办"),
            Edge("settle", (S.OPEN,), S.DONE, "已回电或已答复"),
        ),
    )
)
