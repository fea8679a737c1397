"""联合办理: a second centre helps with a case; one centre is responsible at any time, and it is the case's own.

Asked by the responsible centre, agreed to or declined by the second one, which names its people; these see the sections that were offered, owe
steps of their own and write what they did into the case. Ends by its date, by either centre, and with the case.
"""

from cases.services.joint.answering import joint_accept, joint_decline, joint_name, joint_recall
from cases.services.joint.asking import NewJoint, joint_ask, joint_refusals
from cases.services.joint.ending import due, end_with_case, joint_end, settle
from cases.services.joint.hearing import hear_minor, hear_risk
from cases.services.joint.listing import Joint, late_step, of_case, of_centres, subjects
from cases.services.joint.working import joint_noted, joint_report, note_choices

__all__ = [
    "Joint", "NewJoint", "due", "end_with_case", "hear_minor", "hear_risk", "joint_accept", "joint_ask", "joint_decline", "joint_end", "joint_name", "joint_noted",
    "joint_recall", "joint_refusals", "joint_report", "late_step", "note_choices", "of_case", "of_centres", "settle", "subjects",
]  # fmt: skip
