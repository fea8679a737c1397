"""What is looked at before a month is submitted, and what came of it: for the director with the records, for the reviewer in words.

A reviewer sees no small figure, and a check must not tell her one either: "nothing stands out" beside a shown figure of last month says
within which bounds the hidden one lies. So a jump is judged before her eyes only where she sees both figures; of the others she reads
that they were checked, and the centre's own words, without the name of the figure that they are about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.identity import Identity
from core.ui.sentences import joined
from reports.explanations import Explanation
from reports.figures import facts_of
from reports.indicators import BY_CODE, HEADLINE, Indicator
from reports.links import records_url
from reports.tables import Row, Table

JUMP = 0.5  # a change by half, and by at least five
JUMP_AT_LEAST = 5


class Outcome(Enum):
    """What came of a check: its word and its tone."""

    PASSED = gettext_lazy("Passed"), "ok"
    OPEN = gettext_lazy("Needs an explanation"), "warn"
    EXPLAINED = gettext_lazy("Explained"), "info"
    UNEXPLAINED = gettext_lazy("No explanation given"), "warn"
    INCOMPLETE = gettext_lazy("Entries are missing"), "warn"
    REVISED = gettext_lazy("Found later"), "info"
    UNSEEN = gettext_lazy("Not shown"), "neutral"
    SAID = gettext_lazy("Commented by the centre"), "info"
    FAILED = gettext_lazy("Does not fit"), "danger"

    def __init__(self, label: Promise, tone: str) -> None:
        self.label, self.tone = label, tone


@dataclass(slots=True)
class Check:
    """One check with its outcome."""

    name: str
    outcome: Outcome
    help: str = ""
    words: str = ""  # the centre's
    url: str = ""  # the records to mend, for those who may open them
    field: str = ""  # where in the form it is explained


@dataclass(frozen=True, slots=True)
class Jump:
    """A headline figure beside the one of the month before."""

    item: Indicator
    now: int
    then: int
    hidden: bool

    @property
    def stands_out(self) -> bool:
        """Whether it changed by more than half, and by at least five."""
        change = abs(self.now - self.then)
        return change >= JUMP_AT_LEAST and change > JUMP * max(self.then, 1)

    @property
    def why(self) -> str:
        """What stands out in it."""
        return _("%(now)s after %(then)s in the month before: a change by more than half.") % {
            "now": self.now,
            "then": self.then,
        }


def jumps(rows: Sequence[Row]) -> list[Jump]:
    """All headline figures that count people's matters; `rows` end with the month and the one before it."""
    last, before = rows[-1].cells, rows[-2].cells
    return [
        Jump(item, last[item.code].value, before[item.code].value, last[item.code].hidden or before[item.code].hidden)
        for item in HEADLINE if item.small
    ]  # fmt: skip


def to_explain(rows: Sequence[Row]) -> list[Jump]:
    """What the director must explain: the figures that have jumped (statistics.md: reviews, explains anomalies, submits)."""
    return [jump for jump in jumps(rows) if jump.stands_out]


def checks_of(
    by: Identity,
    office: UUID,
    month: dt.date,
    rows: Sequence[Row],
    categories: Table,
    *,
    said: Explanation | None,
    revised: bool | None,
) -> list[Check]:
    """All checks of a month as `by` may read them.

    `categories` is the month's table by category; `said` are the words it was submitted with (None: it is not), `revised` says whether
    something was found after locking (None: it is not locked).
    """
    own = office in by.case_offices
    found = [
        *_jumps(rows, office, month, said, own=own),
        *_missing(by, office, month, own=own),
        _plausible(rows),
        *_sums(categories),
    ]
    if revised is not None:
        late = Outcome.REVISED if revised else Outcome.PASSED
        help_ = _("Records of this month were entered or corrected after locking: see the revisions.")
        found.append(Check(_("Everything was entered in time"), late, help_ if revised else ""))
    return found


def _jumps(rows: Sequence[Row], office: UUID, month: dt.date, said: Explanation | None, *, own: bool) -> list[Check]:
    """Each figure that stands out for itself, the calm ones together, those that are hidden together."""
    every = jumps(rows)
    found = []
    for jump in every:
        if jump.hidden or not jump.stands_out:
            continue
        words = said.of(jump.item.code) if said else ""
        outcome = Outcome.OPEN if said is None else Outcome.EXPLAINED if words else Outcome.UNEXPLAINED
        found.append(Check(
            _("Change against the month before: %(names)s") % {"names": jump.item.name}, outcome, jump.why, words,
            url=records_url(jump.item.code, month, office) if own else "",
            field=f"explain_{jump.item.code}",
        ))  # fmt: skip
    calm = [jump.item.name for jump in every if not jump.hidden and not jump.stands_out]
    if calm:
        found.append(Check(_("Change against the month before: %(names)s") % {"names": joined(calm)}, Outcome.PASSED))
    unseen = [jump.item for jump in every if jump.hidden]
    if unseen:
        # That words are there tells nothing: the centre may say something of any month.
        words = "\n".join(said.unnamed([item.code for item in unseen])) if said else ""
        found.append(Check(
            _("Change against the month before: %(names)s") % {"names": joined([item.name for item in unseen])},
            Outcome.SAID if words else Outcome.UNSEEN,
            _("Checked at the centre. With a hidden figure its outcome is hidden too; the centre cannot submit before it has explained what stands out."),
            words,
        ))  # fmt: skip
    return found


def _missing(by: Identity, office: UUID, month: dt.date, *, own: bool) -> list[Check]:
    """Facts whose record lacks what a table needs; taken-back ones cancel out. How many they are is the centre's own affair."""
    facts = facts_of(by, office=office).filter(month=month, is_late=False)
    asked = [
        ("CASES", Q(dimensions__category="Z99"), _("Every case has a category of its own"), {"category": "Z99"}),
        ("CASES", ~Q(dimensions__has_key="residence"), _("Every case has a county of residence"), {}),
        ("SERVICES", Q(dimensions__gender="unknown") & ~Q(dimensions__service="advice_call"), _("Every service names the gender"), {"gender": "unknown"}),
        ("SERVICES", Q(dimensions__age="unknown") & ~Q(dimensions__service="advice_call"), _("Every service names the year of birth"), {"age": "unknown"}),
    ]  # fmt: skip
    counted = facts.aggregate(
        **{
            f"n{i}": Sum("value", filter=Q(indicator=code) & condition)
            for i, (code, condition, _label, _where) in enumerate(asked)
        }
    )
    found = []
    for number, (code, _condition, label, where) in enumerate(asked):
        count = counted[f"n{number}"] or 0
        if count <= 0:
            found.append(Check(label, Outcome.PASSED))
        elif own:
            text = _("Missing in %(n)s. Complete the records; the figures follow by themselves.") % {"n": count}
            found.append(Check(label, Outcome.INCOMPLETE, text, url=records_url(code, month, office, **where)))
        else:
            found.append(Check(label, Outcome.INCOMPLETE, _("Some records lack it; in how many is not told.")))
    return found


def _plausible(rows: Sequence[Row]) -> Check:
    """Nobody is assisted or interviewed without a service: that holds in every month, whatever its figures are."""
    cells = rows[-1].cells
    services = cells["SERVICES"].value
    people = cells["ASSISTED"].value + cells["ASSISTED_ANONYMOUS"].value
    fits = people <= services and cells["INTERVIEWS"].value <= services
    return _whole(_("People and interviews stay within the services"), fits=fits)


def _sums(categories: Table) -> list[Check]:
    return [
        _whole(
            _("%(name)s: the categories add up to the whole") % {"name": BY_CODE[item.code].name},
            fits=sum(row.cells[item.code].value for row in categories.rows) == categories.whole.cells[item.code].value,
        )
        for item in categories.indicators
    ]


def _whole(name: str, *, fits: bool) -> Check:
    return Check(name, Outcome.PASSED) if fits else Check(name, Outcome.FAILED, _("Tell the system administrator."))
