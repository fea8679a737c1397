"""All writes of legal aid and mediation."""

from legalaid.services.applying import application_close, application_send, application_tell
from legalaid.services.deciding import application_assign, application_grant, application_refuse
from legalaid.services.mediating import mediation_plan, mediation_record

__all__ = [
    "application_assign", "application_close", "application_grant", "application_refuse", "application_send", "application_tell",
    "mediation_plan", "mediation_record",
]  # fmt: skip
