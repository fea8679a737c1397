# ruff: noqa: S608 -- fixed text; every value travels as a parameter
"""P1, P2 and P4: whole requests in process, through all middleware, as the web role, against hand-written SQL and the same template."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.test import Client
from django.utils import translation

from agencies.models import User
from bench.floor import Floor, Row, name_of, page
from bench.rounds import Samples, compare
from caremgmt.navigation import shell
from cases import registry
from cases.enums import Risk
from cases.forms.filters import CaseFilter
from cases.models import Case
from core import clock, keys
from core.blindindex import grams_of_query, token
from core.crypto import key_ring
from core.identity import Identity, acting_as, identity_of
from core.pinyin import initials
from referrals.enums import Ask, ReferralStatus
from referrals.views.letter import TONES

LIAISON, MANAGER = "gongan.wuhua", "anjian.wuhua"
INBOX = "/referrals/"
LIST = "/cases/?status=all&category=A&channel=hotline&sort=-received"


@dataclass
class Captured:
    """What one real request gave to its template."""

    request: Any
    template: str
    context: dict[str, Any]


@contextmanager
def captured(module: str) -> Iterator[list[Captured]]:
    """Watch what a view's module renders."""
    import importlib

    views = importlib.import_module(module)
    render, seen = views.render, []

    def watching(request: Any, template: str, context: dict[str, Any], **more: Any) -> Any:
        seen.append(
            Captured(request, template, context | {name: _value(value) for name, value in shell(request).items()})
        )
        return render(request, template, context, **more)

    with mock.patch.object(views, "render", watching):
        yield seen


def _value(value: Any) -> Any:
    return value() if callable(value) else value


def client_of(username: str) -> tuple[Client, Identity]:
    """A browser in which this person is logged in, and her identity."""
    user = User.objects.get(username=username)
    client = Client(HTTP_HOST="localhost")
    with acting_as(identity_of(user)) as by:
        client.force_login(user, backend="agencies.backends.StaffBackend")
    return client, by


def _get(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")


def _shell(floor: Floor, by: Identity) -> dict[str, Any]:
    """What the shell of every page counts: the owed items, the unread notices."""
    owed = floor.rows(
        """SELECT count(*) FILTER (WHERE due_at < now()) AS late, count(*) FILTER (WHERE kind LIKE 'referral.%%') AS letters FROM cases_workitem
        WHERE done_at IS NULL AND (owner_user_id = %(user)s OR owner_group_id = ANY (%(groups)s)
            OR (owner_role = 'manager' AND office_id = ANY (%(offices)s)))""",
        {"user": by.user_id, "groups": list(by.groups), "offices": list(by.case_offices)},
    )[0]
    unread = floor.rows(
        "SELECT count(*) AS n FROM agencies_notification WHERE user_id = %(user)s AND read_at IS NULL",
        {"user": by.user_id},
    )[0]
    return {"owed": owed.late, "letters": owed.letters, "unread_count": unread.n}


# --- P1 -------------------------------------------------------------------------------------------------------------------
_LETTERS = """
    FROM referrals_referral r WHERE r.group_id = ANY (%(groups)s) AND EXISTS (
        SELECT 1 FROM cases_accessgrant g WHERE g.source_id = r.id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= %(now)s
            AND (g.valid_until IS NULL OR g.valid_until > %(now)s) AND (g.group_id = ANY (%(groups)s) OR g.user_id = %(user)s))
        AND r.case_id NOT IN (SELECT case_id FROM cases_wall WHERE lifted_at IS NULL AND (user_id = %(user)s OR group_id = ANY (%(groups)s)))"""
_INBOX = f"""
    SELECT r.*, o.short_name, c.zh, l.name AS liaison, a.name AS accepter FROM (
        SELECT r.id AS pk, r.number, r.status, r.risk, r.ask, r.due_at, r.sent_at, r.office_id, r.category_id, r.named_liaison_id, r.accepted_by_id
        {_LETTERS} AND r.due_at IS NOT NULL ORDER BY r.due_at, r.id LIMIT 51) AS r
    JOIN agencies_office o ON o.id = r.office_id JOIN cases_category c ON c.code = r.category_id
    LEFT JOIN agencies_user l ON l.id = r.named_liaison_id LEFT JOIN agencies_user a ON a.id = r.accepted_by_id ORDER BY r.due_at, r.pk"""
_TALLY = f"""
    SELECT count(*) FILTER (WHERE r.status IN ('sent', 'accepted')) AS todo, count(*) FILTER (WHERE r.status = 'sent') AS new,
        count(*) FILTER (WHERE r.status = 'accepted') AS mine, count(*) FILTER (WHERE r.due_at < %(now)s) AS late,
        count(*) FILTER (WHERE r.status = 'responded') AS answered
    {_LETTERS} AND r.status IN ('sent', 'accepted', 'responded')"""


def _inbox_floor(floor: Floor, by: Identity, seen: Captured) -> Callable[[], object]:
    risks, asks, states = dict(Risk.choices), dict(Ask.choices), dict(ReferralStatus.choices)

    def run() -> str:
        now = clock.now()
        values = {"groups": list(by.groups), "user": by.user_id, "now": now}
        rows = floor.rows(_INBOX, values)[:50]
        for row in rows:
            row.is_late = row.due_at < now
            row.tone = "danger" if row.is_late else TONES[ReferralStatus(row.status)]
            row.risk_word, row.ask_word, row.status_word = (
                risks[row.risk],
                asks[row.ask],
                states[row.status],
            )
            row.office, row.category = Row(short_name=row.short_name), Row(name=row.zh)
            row.named_liaison = Row(name=row.liaison) if row.liaison else None
            row.accepted_by = Row(name=row.accepter) if row.accepter else None
        tally = vars(floor.rows(_TALLY, values)[0])
        tabs = [
            tab | {"count": count} for tab, count in zip(seen.context["tabs"], [*tally.values(), None], strict=False)
        ]
        more = _shell(floor, by)
        floor.end()
        return page(seen.template, seen.context | more | {"rows": rows, "tally": tally, "tabs": tabs}, seen.request)

    return run


def inbox(floor: Floor, rounds: int) -> Samples:
    """P1: the liaison's inbox page."""
    client, by = client_of(LIAISON)
    with captured("referrals.views.inbox") as seen:
        _get(client, INBOX)
    return compare(
        "P1", "liaison's inbox page", lambda: _get(client, INBOX), _inbox_floor(floor, by, seen[-1]), rounds=rounds
    )


# --- P2 -------------------------------------------------------------------------------------------------------------------
_CASES = """
    SELECT c.id AS pk, c.number, c.status, c.risk, c.concerns_minor, c.received_at, c.closed_at, c.next_due_at, k.zh, u.name AS manager_name
    FROM cases_case c JOIN cases_category k ON k.code = c.category_id LEFT JOIN agencies_user u ON u.id = c.manager_id
    WHERE c.office_id = ANY (%(offices)s) AND c.category_id = ANY (%(kinds)s) AND c.channel = 'hotline'
        AND c.id NOT IN (SELECT case_id FROM cases_wall WHERE lifted_at IS NULL AND user_id = %(user)s)
    ORDER BY c.received_at DESC, c.id DESC LIMIT 51"""
_NAMES = """
    SELECT i.case_id AS subject, i.id AS identity, i.name, d.wrapped FROM cases_party p JOIN cases_partyidentity i ON i.party_id = p.id
    JOIN core_datakey d ON d.subject = i.case_id WHERE p.case_id = ANY (%(ids)s) AND p.is_primary"""
_STEPS = """
    SELECT DISTINCT ON (w.case_id) w.case_id, w.kind, w.due_at, u.name AS user_name, n.short_name AS unit_name, w.owner_role FROM cases_workitem w
    LEFT JOIN agencies_user u ON u.id = w.owner_user_id LEFT JOIN agencies_unit n ON n.group_id = w.owner_group_id
    WHERE w.case_id = ANY (%(ids)s) AND w.done_at IS NULL ORDER BY w.case_id, w.due_at"""


def _list_floor(floor: Floor, by: Identity, seen: Captured) -> Callable[[], object]:
    chosen: CaseFilter = seen.context["filter"]
    kinds = [row.code for row in chosen._categories if "A" in (row.code, row.parent_id)]

    def run() -> str:
        now = clock.now()
        cases = floor.rows(_CASES, {"offices": list(by.case_offices), "kinds": kinds, "user": by.user_id})[:50]
        ids = {"ids": [case.pk for case in cases]}
        names = {row.subject: name_of(row) for row in floor.rows(_NAMES, ids)}
        steps = {row.case_id: row for row in floor.rows(_STEPS, ids)}
        rows = []
        for case in cases:
            case.category, case.manager = Row(name=case.zh), Row(name=case.manager_name)
            step = steps.get(case.pk)
            if step is not None:
                step.title, step.owner = (
                    registry.work_kinds[step.kind].title,
                    step.user_name or step.unit_name or step.owner_role,
                )
            days = ((case.closed_at or now) - case.received_at).days
            tone = (
                "neutral"
                if case.status == "closed"
                else "danger"
                if case.next_due_at and case.next_due_at < now
                else "info"
            )
            rows.append(Row(case=case, client=names.get(case.pk, ""), step=step, days=days, tone=tone))
        more = _shell(floor, by)
        floor.end()
        return page(seen.template, seen.context | more | {"rows": rows}, seen.request)

    return run


def case_list(floor: Floor, rounds: int) -> Samples:
    """P2: the case manager's list with two filters and a sort."""
    client, by = client_of(MANAGER)
    with captured("cases.views.case_list") as seen:
        _get(client, LIST)
    return compare(
        "P2",
        "case list, two filters and a sort",
        lambda: _get(client, LIST),
        _list_floor(floor, by, seen[-1]),
        rounds=rounds,
    )


# --- P4 -------------------------------------------------------------------------------------------------------------------
_PARTIES = "SELECT party_id FROM cases_blindgram WHERE office_id = ANY (%(offices)s) AND gram = %(gram)s LIMIT 1000"
_HIT = """
    SELECT c.id AS subject, c.id AS pk, c.number, c.status, c.risk, c.received_at, k.zh, o.short_name, u.name AS manager_name,
        i.id AS identity, i.name, d.wrapped
    FROM cases_partyidentity i JOIN cases_case c ON c.id = i.case_id JOIN cases_category k ON k.code = c.category_id
    JOIN agencies_office o ON o.id = c.office_id LEFT JOIN agencies_user u ON u.id = c.manager_id JOIN core_datakey d ON d.subject = c.id """
_FOUND = {
    "grams": f"{_HIT} WHERE i.party_id = ANY (%(parties)s) AND c.office_id = ANY (%(offices)s)",
    "number": f"{_HIT} JOIN cases_party p ON p.id = i.party_id WHERE c.number = %(number)s AND p.is_primary AND c.office_id = ANY (%(offices)s)",
}


def _search_floor(floor: Floor, by: Identity, seen: Captured, text: str) -> Callable[[], object]:
    states = seen.context["found"].cases[0].case._meta.get_field("status").choices
    labels = dict(states)

    def run() -> str:
        query, offices = grams_of_query(text), list(by.case_offices)
        if query.value and not query.grams:
            found = floor.rows(_FOUND["number"], {"number": query.value, "offices": offices})
        else:
            sets = []
            for gram in sorted(query.grams):
                wanted = token(key_ring().derive("blind"), offices[0], gram)
                sets.append({row.party_id for row in floor.rows(_PARTIES, {"offices": offices, "gram": wanted})})
            parties = list(set.intersection(*sets))[:200]
            found = floor.rows(_FOUND["grams"], {"parties": parties, "offices": offices})
        hits = []
        for row in found:
            row.opened = name_of(row)
            if _fits(query.kind.value, text, row.opened):
                row.get_status_display, row.category, row.office, row.manager = (
                    labels[row.status],
                    row.zh,
                    row.short_name,
                    row.manager_name,
                )
                hits.append(Row(case=row, name=row.opened))
        hits.sort(key=lambda hit: hit.case.received_at, reverse=True)
        more = _shell(floor, by)
        floor.end()
        return page(seen.template, seen.context | more | {"found": Row(cases=hits[:50], papers=[])}, seen.request)

    return run


def _fits(kind: str, text: str, name: str) -> bool:
    return (
        text in name
        if kind == "name"
        else any(r.startswith(text) for r in initials(name))
        if kind == "initials"
        else True
    )


def _known(by: Identity) -> dict[str, str]:
    """Words by which somebody of the own centre is found: of one old case."""
    from cases.models import PartyContact, PartyIdentity

    with acting_as(by):
        case = Case.objects.visible_to(by).filter(office_id__in=by.case_offices).order_by("received_at")[5]
        name = PartyIdentity.objects.get(case=case, party__is_primary=True).name
        phone = PartyContact.objects.get(case=case).phone
    keys.forget()
    return {"name": name[-2:], "initials": initials(name)[0][:3], "phone": phone, "case number": case.number}


def searches(floor: Floor, rounds: int) -> list[Samples]:
    """P4: four kinds of search."""
    client, by = client_of(MANAGER)
    found = []
    for kind, text in _known(by).items():

        def ours(text: str = text) -> None:
            if client.post("/search/", {"q": text}).status_code != 200:
                raise RuntimeError("search")

        with captured("cases.views.search") as seen:
            ours()
        if not seen[-1].context["found"].cases:
            raise RuntimeError(f"nothing found by {kind}")
        found.append(
            compare(f"P4 {kind}", f"search by {kind}", ours, _search_floor(floor, by, seen[-1], text), rounds=rounds)
        )
    return found


def run(rounds: int) -> list[Samples]:
    """All pages."""
    floor = Floor()
    with translation.override("zh-hans"):
        return [inbox(floor, rounds), case_list(floor, rounds), *searches(floor, rounds)]
