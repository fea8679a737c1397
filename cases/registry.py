"""What satellites tell the heart, without the heart knowing them; filled in `AppConfig.ready()`, names pinned by a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.urls import reverse
from django.utils.functional import Promise

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from django.db.models import QuerySet

    from cases.models import WorkItem
    from core.identity import Identity

Text = str | Promise
T = TypeVar("T")


class Registry(Generic[T]):
    """Named things, each named once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> T:
        """Register; a name that is taken is a mistake of the programmer."""
        if name in self._things:
            raise ValueError(f"{self._what} {name} is registered already")
        self._things[name] = thing
        return thing

    def __getitem__(self, name: str) -> T:
        return self._things[name]

    def get(self, name: str) -> T | None:
        return self._things.get(name)

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._things)

    def values(self) -> list[T]:
        """All things in the order of registration."""
        return list(self._things.values())


@dataclass(frozen=True)
class WorkKind:
    """One kind of work item: what it is called, the one button that moves it on, where that leads, its clock."""

    code: str
    title: Text
    button: Text
    url: Callable[[Any], str]
    clock: str  # ClockRule code; "<clock>.high" is taken for urgent items where it exists
    icon: str = "checklist"
    by_plan: bool = False  # the manager's next plan answers it
    by_closing: bool = False  # closing the case decides it: it does not stand in the way
    look: Text = (
        ""  # what the handling centre presses while somebody else owes it; empty where that page is not the centre's
    )
    chain: str = "late"  # the clock rules "<chain>.2", ".3" … after which the next one is told that it is late


@dataclass(frozen=True)
class EntryKind:
    """One kind of timeline entry: a sentence with the entry's coded data in it."""

    code: str
    sentence: Callable[[dict[str, Any]], Text]
    icon: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Panel:
    """A panel of the case page, loaded by htmx: title, route that takes the case's id, sections one of which must be open."""

    code: str
    title: Text
    route: str
    sections: Sequence[str]
    order: int
    for_desk: bool = False  # also for a desk that sees the head of the case alone: its own calls

    def url(self, case_id: Any) -> str:
        """The fragment's address for one case."""
        return reverse(self.route, args=[case_id])


@dataclass(frozen=True)
class CaseAction:
    """What a satellite does with a case, offered to its managers on the case page: button, route that takes the case's id.

    `statuses` are those in which it can be done; in `main_in` it is the one thing to do next. `key` is its key on the page.
    """

    code: str
    label: Text
    icon: str
    route: str
    statuses: Sequence[str]
    main_in: Sequence[str] = ()
    key: str = ""

    def url(self, case_id: Any) -> str:
        """Where it is done for one case."""
        return reverse(self.route, args=[case_id])


@dataclass(frozen=True)
class Matter:
    """One open matter that keeps a case from ending: what it is, and where it is settled.

    `sources` are the sources of the work items that are owed on it: the matter stands for them, so that nothing is named twice.
    """

    text: Text
    url: str
    sources: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Told:
    """What one call or visit that opened or joined a case told, beside the narrative: for the centre's own eyes, in no shared section."""

    words: Text  # by which way it came
    at: dt.datetime
    url: str
    danger: Text
    in_danger: bool
    police_called: bool
    done: Sequence[Text]  # steps of the list for one in danger; both empty where she was in none
    undone: Sequence[Text]
    incident_number: str = ""  # of the police
    agreed: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Workplace:
    """Where the respondent or his kin work, as it was said in one call or visit."""

    text: str
    at: dt.datetime
    url: str


@dataclass(frozen=True)
class FrontDoor:
    """What a satellite that takes calls knows of cases: as far as the asker may see the calls, each look logged there."""

    told: Callable[[Identity, UUID], Sequence[Told]]  # newest first
    danger: Callable[[Identity, UUID], Text]  # one line where she was in danger when she called; else empty
    workplaces: Callable[[Identity, Sequence[UUID]], Sequence[Workplace]]


@dataclass(frozen=True)
class ClosureCheck:
    """Why a case may not be closed yet: its open matters of one sort, none when there is nothing in the way."""

    code: str
    find: Callable[[Any], list[Matter]]


@dataclass(frozen=True)
class WorkSubject:
    """What a work item is about where it is not (or not yet) a case: the number of the letter or contact, and a few words."""

    number: str
    words: Text = ""


@dataclass(frozen=True)
class SubjectRows:
    """Rows that are the sources of work items, as columns: all sources of a worklist are asked for in one statement, whoever knows them.

    `rows` is scoped to the asker. `number` and `words` name columns of text; `say` makes the few words of the latter.
    """

    rows: QuerySet[Any]
    number: str = ""
    words: Sequence[str] = ()  # three at most
    say: Callable[..., Text] = lambda *words: " · ".join(filter(None, words))


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper that is found by its number: what it is called, the words its numbers begin with, its rows in the asker's scope.

    `route` is the page of one row and `roles` who may open that; `column` holds the number.
    """

    code: str
    noun: Text
    words: Sequence[str]
    rows: Callable[[Identity], QuerySet[Any]]
    route: str
    roles: Sequence[str]
    column: str = "number"


@dataclass(frozen=True)
class TodayRow:
    """One line of a satellite's list on the home page."""

    words: Text
    url: str
    at: dt.datetime | None = None
    note: Text = ""  # beside the words, where the moment alone would not say what it is


@dataclass(frozen=True)
class TodayList:
    """A list on the home page of what is no work item (drafts of calls, cases opened to an expert); an empty one is not shown."""

    code: str
    title: Text
    button: Text
    roles: Sequence[str]
    find: Callable[[Identity], Sequence[TodayRow]]
    icon: str = "note"
    tone: str = "warn"  # of each row's edge; "" for what is only at hand
    first: bool = True  # above the worklist; else below it, because what is late there matters more


@dataclass(frozen=True)
class TodayButton:
    """The one big button of the home page, for the roles whose work begins with it."""

    title: Text
    route: str
    icon: str
    key: str
    roles: Sequence[str]

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.route)


work_kinds: Registry[WorkKind] = Registry("work kind")
# By the first word of the kinds ("referral", "burst"): what these sources are, less what the asker may not see.
work_subjects: Registry[Callable[[Identity, Sequence[UUID]], Sequence[SubjectRows]]] = Registry("work subject")
# The same of sources whose words are sealed: each asked by itself, with the keys of the sources open already.
sealed_subjects: Registry[Callable[[Identity, Sequence[UUID]], Mapping[UUID, WorkSubject]]] = Registry(
    "sealed work subject"
)
# By chain: what else happens at a step of lateness (a paper, another one's work item). Runs as the worker in a verb on the item's case.
late_steps: Registry[Callable[[WorkItem, int], None]] = Registry("step of lateness")
today_buttons: Registry[TodayButton] = Registry("button of the home page")
today_lists: Registry[TodayList] = Registry("list of the home page")
entry_kinds: Registry[EntryKind] = Registry("entry kind")
panels: Registry[Panel] = Registry("panel")
case_actions: Registry[CaseAction] = Registry("case action")
# What satellites do when the danger of a case has been assessed anew, inside that verb.
risk_hearers: Registry[Callable[[Any, Any], None]] = Registry("hearer of the risk")
# What must be told when a case turns out to be a minor's, inside that verb.
minor_hearers: Registry[Callable[[Any, Any], None]] = Registry("hearer of a minor")
# What ends with a case when it is closed, sealed or handed over, inside that verb.
endings: Registry[Callable[[Any, Any], None]] = Registry("ending")
# By the kind of a source of access: the page where it stands and, for its own centre, is taken back.
source_pages: Registry[str] = Registry("page of a source of access")
closure_checks: Registry[ClosureCheck] = Registry("closure check")
front_doors: Registry[FrontDoor] = Registry("front door")
paper_kinds: Registry[PaperKind] = Registry("kind of paper")


def work_kind(kind: WorkKind) -> WorkKind:
    """Register a kind of work item."""
    return work_kinds.add(kind.code, kind)


def end_with(act: Any, case: Any) -> None:
    """Everything that ends with this case, inside the verb that closes, seals or hands it over."""
    for end in endings.values():
        end(act, case)


def today_list(thing: TodayList) -> TodayList:
    """Register a list of the home page."""
    return today_lists.add(thing.code, thing)


def paper_kind(thing: PaperKind) -> PaperKind:
    """Register a kind of paper that the search finds."""
    return paper_kinds.add(thing.code, thing)


def entry_kind(
    code: str, sentence: Text | Callable[[dict[str, Any]], Text], icon: str, tone: str = "neutral"
) -> EntryKind:
    """Register a kind of timeline entry; a plain sentence needs no data."""
    say = sentence if callable(sentence) else (lambda data, fixed=sentence: fixed)
    return entry_kinds.add(code, EntryKind(code, say, icon, tone))


def panel(thing: Panel) -> Panel:
    """Register a panel of the case page."""
    return panels.add(thing.code, thing)


def case_action(thing: CaseAction) -> CaseAction:
    """Register something to do with a case."""
    return case_actions.add(thing.code, thing)


def closure_check(code: str) -> Callable[[Callable[[Any], list[Matter]]], Callable[[Any], list[Matter]]]:
    """Register a closure check."""

    def keep(find: Callable[[Any], list[Matter]]) -> Callable[[Any], list[Matter]]:
        closure_checks.add(code, ClosureCheck(code, find))
        return find

    return keep
