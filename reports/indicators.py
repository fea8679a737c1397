# ruff: noqa: S608 -- the SQL is fixed text of this module; only times and the key travel, as parameters
"""Every indicator, declared once: what it is called, what it counts in words, which rows count, and how they add up.

A source is one pass over one table for all offices and any range of months; each indicator of that source says which of its rows
count (`counts`) and when they happened (`at`). Dashboard, monthly report, export and API read these declarations and the facts that
come of them; nobody writes a second query for the same figure.

The SQL is fixed text: only times and the pseudonym's key travel as parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.enums import CaseStatus, OrderKind, ServiceKind

Text = str | Promise
ZONE = "'Asia/Shanghai'"

# 救助: what the province calls assistance. Advice and complaints are services, not assistance; education is given to the respondent.
ASSISTANCE = (
    ServiceKind.MEDIATION, ServiceKind.LEGAL_ADVICE, ServiceKind.LEGAL_AID, ServiceKind.COUNSELLING, ServiceKind.INTERVIEW, ServiceKind.CARE,
    ServiceKind.SHELTER,
)  # fmt: skip
_ASSISTANCE = ", ".join(f"'{kind.value}'" for kind in ASSISTANCE)


class Adds(StrEnum):
    """How facts become a figure."""

    SUM = "sum"
    PEOPLE = "people"  # distinct pseudonyms: parts need not add up
    AS_OF = "as_of"  # the last month of the range stands for it
    OPEN = "open"  # everything that came, less everything that left, up to the end


@dataclass(frozen=True)
class Source:
    """One pass: a SELECT with the columns that `FACT_COLUMNS` names and whatever its indicators look at."""

    code: str
    select: str
    office: str = "b.office_id"


@dataclass(frozen=True)
class Indicator:
    """One figure."""

    code: str
    zh: str
    en: str
    unit: Text
    definition: Text
    adds: Adds = Adds.SUM
    source: str = ""
    at: str = ""
    counts: str = "true"
    headline: bool = False
    small: bool = True  # counts people's matters: cells from 1 to 4 are hidden from those without case scope

    @property
    def name(self) -> str:
        """The name in the screen's language."""
        return self.en if (get_language() or "").startswith("en") else self.zh


def _person(person: str, digest: str) -> str:
    """The pseudonym: of the ID number's fingerprint where there is one, else of the office's own person."""
    return f"encode(substring(sha256(%(key)s || coalesce({digest}, decode(replace({person}::text, '-', ''), 'hex'))) FOR 16), 'hex')::uuid"


def _age(year: str, birth_year: str, role: str = "NULL") -> str:
    age = f"({year} - {birth_year})"
    return (
        f"CASE WHEN {birth_year} IS NULL THEN CASE WHEN {role} = 'child' THEN 'child' ELSE 'unknown' END"
        f" WHEN {age} < 14 THEN '0-13' WHEN {age} < 18 THEN '14-17' WHEN {age} < 35 THEN '18-34' WHEN {age} < 60 THEN '35-59' ELSE '60+' END"
    )


SERVICE = Source(
    "service",
    f"""
    SELECT DISTINCT ON (s.id) s.office_id, s.id AS record_id, s.happened_at AS happened, s.kind,
        coalesce(i.gender, t.client_gender, 'unknown') AS gender,
        {_age(f"extract(year FROM s.happened_at AT TIME ZONE {ZONE})::int", "coalesce(i.birth_year, t.client_birth_year)", "p.role")} AS age,
        s.person_id IS NULL OR coalesce(i.is_anonymous, false) OR coalesce(c.is_anonymous, false) AS anonymous,
        {_person("coalesce(s.person_id, s.case_id, s.contact_id)", "f.digest")} AS person,
        coalesce(c.category_id, t.category_id) AS category, coalesce(c.channel, t.channel) AS channel, c.risk,
        coalesce(c.region_residence_id, n.region_residence_id, t.region_residence_id) AS residence,
        coalesce(c.region_registration_id, t.region_registration_id) AS registration
    FROM cases_servicerecord s
    LEFT JOIN cases_case c ON c.id = s.case_id
    LEFT JOIN cases_case n ON n.predecessor_id = c.id
    LEFT JOIN cases_party p ON p.case_id = s.case_id AND p.person_id = s.person_id
    LEFT JOIN cases_partyidentity i ON i.party_id = p.id
    LEFT JOIN cases_fingerprint f ON f.person_id = s.person_id AND f.kind = 'id'
    LEFT JOIN hotline_contact t ON t.id = s.contact_id AND s.case_id IS NULL
    WHERE s.happened_at >= %(since)s AND s.happened_at < %(until)s
    ORDER BY s.id, p.is_primary DESC NULLS LAST, f.id DESC""",
)
CASE = Source(
    "case",
    f"""
    SELECT DISTINCT ON (c.id) c.office_id, c.id AS record_id, c.status, c.accepted_at, c.closed_at, c.predecessor_id, c.is_anonymous AS anonymous,
        {_person("coalesce(p.person_id, c.id)", "f.digest")} AS person, NULL AS kind, coalesce(i.gender, 'unknown') AS gender,
        {_age(f"extract(year FROM c.accepted_at AT TIME ZONE {ZONE})::int", "i.birth_year", "p.role")} AS age,
        c.category_id AS category, c.channel, c.risk, coalesce(c.region_residence_id, n.region_residence_id) AS residence,
        c.region_registration_id AS registration
    FROM cases_case c
    LEFT JOIN cases_case n ON n.predecessor_id = c.id
    LEFT JOIN cases_party p ON p.case_id = c.id AND p.is_primary
    LEFT JOIN cases_partyidentity i ON i.party_id = p.id
    LEFT JOIN cases_fingerprint f ON f.person_id = p.person_id AND f.kind = 'id'
    WHERE c.accepted_at IS NOT NULL AND c.status <> '{CaseStatus.MERGED.value}'
        AND ((c.accepted_at >= %(since)s AND c.accepted_at < %(until)s) OR (c.closed_at >= %(since)s AND c.closed_at < %(until)s))
    ORDER BY c.id, f.id DESC""",
)
ORDER = Source(
    "order",
    f"""
    SELECT r.office_id, r.id AS record_id, (r.issued_on::timestamp AT TIME ZONE {ZONE}) AS issued, r.kind AS order_kind, NULL AS kind,
        false AS anonymous, NULL::uuid AS person, NULL AS gender, NULL AS age, c.category_id AS category, c.channel, c.risk,
        r.region_id AS residence, NULL AS registration
    FROM cases_order r
    LEFT JOIN cases_case c ON c.id = r.case_id
    WHERE r.issued_on >= (%(since)s AT TIME ZONE {ZONE})::date AND r.issued_on <= ((%(until)s - interval '1 microsecond') AT TIME ZONE {ZONE})::date""",
)
CONTACT = Source(
    "contact",
    """
    SELECT t.office_id, t.id AS record_id, t.occurred_at AS happened, t.disposition AS kind, false AS anonymous, NULL::uuid AS person,
        t.client_gender AS gender, NULL AS age, t.category_id AS category, t.channel, NULL AS risk, t.region_residence_id AS residence,
        t.region_registration_id AS registration
    FROM hotline_contact t
    WHERE t.status <> 'draft' AND t.occurred_at >= %(since)s AND t.occurred_at < %(until)s""",
)
CALLBACK = Source(
    "callback",
    """
    SELECT u.office_id, u.id AS record_id, u.due_at AS happened, u.status AS kind, u.satisfaction, false AS anonymous,
        NULL::uuid AS person, NULL AS gender, NULL AS age, NULL AS category, NULL AS channel, NULL AS risk, NULL AS residence,
        NULL AS registration
    FROM cases_followup u
    WHERE u.status <> 'cancelled' AND u.due_at >= %(since)s AND u.due_at < %(until)s""",
)
REFERRAL = Source(
    "referral",
    """
    SELECT e.office_id, e.id AS record_id, e.sent_at AS happened, n.kind AS kind, e.accepted_at, e.responded_at, e.status, false AS anonymous,
        NULL::uuid AS person, NULL AS gender, NULL AS age, e.category_id AS category, NULL AS channel, e.risk, NULL AS residence,
        NULL AS registration
    FROM referrals_referral e JOIN agencies_unit n ON n.id = e.unit_id
    WHERE e.sent_at >= %(since)s AND e.sent_at < %(until)s""",
)
CENTRE = Source(
    "centre",
    f"""
    SELECT o.id AS office_id, o.id AS record_id, m.month AS happened, CASE WHEN o.is_demonstration THEN 'demonstration' ELSE 'other' END AS kind,
        false AS anonymous, NULL::uuid AS person, NULL AS gender, NULL AS age, NULL AS category, NULL AS channel, NULL AS risk,
        NULL AS residence, NULL AS registration
    FROM (SELECT (d AT TIME ZONE {ZONE}) AS month, least((d + interval '1 month - 1 day')::date, (%(now)s AT TIME ZONE {ZONE})::date) AS last_day
        FROM generate_series((%(since)s AT TIME ZONE {ZONE}), (%(until)s - interval '1 microsecond') AT TIME ZONE {ZONE}, interval '1 month') AS d) AS m
    JOIN agencies_office o ON o.kind = 'centre' AND o.opened_on <= m.last_day AND (o.closed_on IS NULL OR o.closed_on > m.last_day)""",
)
SOURCES = {source.code: source for source in (CENTRE, SERVICE, CASE, ORDER, CONTACT, CALLBACK, REFERRAL)}

# What a fact remembers of its record: nothing that could name a person.
DIMENSIONS = ("category", "channel", "risk", "gender", "age", "service", "residence", "registration")

_WOMAN_OR_CHILD = "(b.gender = 'female' OR b.age IN ('0-13', '14-17', 'child'))"

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "CENTRES", "已建中心数", "Centres in operation", pgettext_lazy("unit", "centres"),
        _("Care centres opened on or before the last day of the period and not closed by then."),
        adds=Adds.AS_OF, source="centre", at="b.happened", headline=True, small=False,
    ),
    Indicator(
        "SERVICES", "提供维权服务", "Rights-protection services", pgettext_lazy("unit", "services"),
        _("One kind of service for one client on one occasion, by the day it was given: four bodies at one visit are one service. Advice calls"
          " count, also those of the 12338 desks in their region; lectures, unsuccessful attempts and referrals do not."),
        source="service", at="b.happened", headline=True,
    ),
    Indicator(
        "CASES", "受理和处置案（事）件", "Cases accepted and handled", pgettext_lazy("unit", "cases"),
        _("By the date of acceptance, once, at the centre that accepted first. Transfer, reopening and merging add none."),
        source="case", at="b.accepted_at", counts="b.predecessor_id IS NULL", headline=True,
    ),
    Indicator(
        "ASSISTED", "救助妇女儿童", "Women and children assisted", pgettext_lazy("unit", "people"),
        _("Different women, and children under 18, who received mediation, legal advice, legal aid, counselling, a forensic interview, care or"
          " shelter. A range counts each person once; who was assisted at two centres is one at each and one in the province. Anonymous people"
          " stand in a column of their own."),
        adds=Adds.PEOPLE, source="service", at="b.happened", headline=True,
        counts=f"NOT b.anonymous AND b.kind IN ({_ASSISTANCE}) AND {_WOMAN_OR_CHILD}",
    ),
    Indicator(
        "INTERVIEWS", "询问取证", "Forensic interviews", pgettext_lazy("unit", "interviews"),
        _("One person in one session, by its date, at the handling centre."),
        source="service", at="b.happened", counts="b.kind = 'interview'", headline=True,
    ),
    Indicator(
        "SUPERVISION_ORDERS", "发出《督促监护令》", "Guardianship supervision orders", pgettext_lazy("unit", "documents"),
        _("One for each document number, by the date of issue; a case is not required."),
        source="order", at="b.issued", counts=f"b.order_kind = '{OrderKind.SUPERVISION_ORDER.value}'", headline=True,
    ),
    Indicator(
        "CASES_CLOSED", "办结", "Closed", pgettext_lazy("unit", "cases"), _("Accepted cases that were closed, by the date of closing."),
        source="case", at="b.closed_at", counts=f"b.status = '{CaseStatus.CLOSED.value}'",
    ),
    Indicator(
        "CASES_OPEN", "期末在办", "Open at the end", pgettext_lazy("unit", "cases"),
        _("Cases accepted or taken over up to the end of the period, less those closed or handed over up to then."), adds=Adds.OPEN,
    ),
    Indicator(
        "CASES_IN", "移交接收", "Taken over from another centre", pgettext_lazy("unit", "cases"),
        _("Cases that another centre had accepted and handed over, by the date of taking over: counted at the receiving centre."),
        source="case", at="b.accepted_at", counts="b.predecessor_id IS NOT NULL",
    ),
    Indicator(
        "CASES_OUT", "移交转出", "Handed over to another centre", pgettext_lazy("unit", "cases"),
        _("Accepted cases that another centre has taken over, by the same date: counted at the earlier centre."),
        source="case", at="b.closed_at", counts=f"b.status = '{CaseStatus.TRANSFERRED.value}'",
    ),
    Indicator(
        "ASSISTED_ANONYMOUS", "匿名受助", "Anonymous people assisted", pgettext_lazy("unit", "people"),
        _("People assisted who did not give their identity; the same person may stand here more than once."),
        adds=Adds.PEOPLE, source="service", at="b.happened",
        counts=f"b.anonymous AND b.kind IN ({_ASSISTANCE}) AND (b.gender <> 'male' OR b.age IN ('0-13', '14-17', 'child'))",
    ),
    Indicator(
        "PROTECTION_ORDERS", "人身安全保护令", "Personal safety protection orders", pgettext_lazy("unit", "documents"), _("By the date of issue."),
        source="order", at="b.issued", counts=f"b.order_kind = '{OrderKind.PROTECTION_ORDER.value}'",
    ),
    Indicator(
        "WRITTEN_WARNINGS", "家庭暴力告诫书", "Written warnings", pgettext_lazy("unit", "documents"), _("By the date of issue."),
        source="order", at="b.issued", counts=f"b.order_kind = '{OrderKind.WRITTEN_WARNING.value}'",
    ),
    Indicator(
        "CONTACTS", "来访来电", "Contacts", pgettext_lazy("unit", "contacts"), _("Every contact logged by a desk or centre, by the time it happened."),
        source="contact", at="b.happened",
    ),
    Indicator(
        "CALLBACKS", "应回访", "Callbacks due", pgettext_lazy("unit", "callbacks"), _("Callbacks by the day they fell due."), source="callback", at="b.happened",
    ),
    Indicator(
        "CALLBACKS_REACHED", "已回访", "Callbacks reached", pgettext_lazy("unit", "callbacks"), _("Of the callbacks due: those in which she was reached."),
        source="callback", at="b.happened", counts="b.kind = 'reached'",
    ),
    Indicator(
        "CALLBACKS_SATISFIED", "回访满意", "Satisfied", pgettext_lazy("unit", "callbacks"), _("Of those reached: satisfied."),
        source="callback", at="b.happened", counts="b.kind = 'reached' AND b.satisfaction = 'satisfied'",
    ),
    Indicator(
        "REFERRALS", "转办", "Referrals sent", pgettext_lazy("unit", "referrals"), _("Letters sent to agencies, by the day they were sent."),
        source="referral", at="b.happened",
    ),
    Indicator(
        "REFERRALS_ACCEPTED", "部门接收", "Referrals accepted", pgettext_lazy("unit", "referrals"), _("Of the letters sent: accepted by the agency."),
        source="referral", at="b.happened", counts="b.accepted_at IS NOT NULL",
    ),
    Indicator(
        "REFERRALS_ANSWERED", "部门反馈", "Referrals answered", pgettext_lazy("unit", "referrals"), _("Of the letters sent: answered by the agency."),
        source="referral", at="b.happened", counts="b.responded_at IS NOT NULL",
    ),
)  # fmt: skip

# What makes a case stand open at a centre, and what takes it away there; over the province what is handed over adds up to nothing.
FLOWS = {"CASES": 1, "CASES_IN": 1, "CASES_CLOSED": -1, "CASES_OUT": -1}
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}
HEADLINE = tuple(indicator for indicator in INDICATORS if indicator.headline)
# The six and what stands beside them.
TABLE = (*HEADLINE, BY_CODE["CASES_CLOSED"], BY_CODE["CASES_OPEN"], BY_CODE["ASSISTED_ANONYMOUS"])


def indicator(code: str) -> Indicator:
    """The declared indicator. KeyError for any other word."""
    return BY_CODE[code]


def of_source(source: Source) -> list[Indicator]:
    """The indicators that one pass fills."""
    return [item for item in INDICATORS if item.source == source.code]


def wanted_sql(source: Source) -> str:
    """A SELECT of the facts as they should stand: month, indicator, office, region, record, person, anonymous, dimensions."""
    values = ", ".join(f"('{item.code}', {item.at}, {item.counts})" for item in of_source(source))
    parts = {name: "b.kind" if name == "service" else f"b.{name}" for name in DIMENSIONS}
    parts["age"] = "CASE WHEN b.age = 'child' THEN 'unknown' ELSE b.age END"
    packed = ", ".join(f"'{name}', {value}" for name, value in parts.items())
    return f"""
    SELECT date_trunc('month', v.at AT TIME ZONE {ZONE})::date AS month, v.indicator, b.office_id, o.region_id AS region_code, b.record_id,
        b.person, b.anonymous, jsonb_strip_nulls(jsonb_build_object({packed})) AS dimensions
    FROM ({source.select}) AS b
    CROSS JOIN LATERAL (VALUES {values}) AS v (indicator, at, counts)
    JOIN agencies_office o ON o.id = b.office_id
    WHERE v.counts AND v.at >= %(since)s AND v.at < %(until)s"""


def catalogue() -> list[dict[str, Any]]:
    """Code, names, unit and definition of every indicator, for covers and the API."""
    return [
        {
            "code": item.code,
            "zh": item.zh,
            "en": item.en,
            "unit": str(item.unit),
            "definition": str(item.definition),
            "adds": item.adds.value,
        }
        for item in INDICATORS
    ]
