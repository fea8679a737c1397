"""The stage on which the living cases are played: real verbs by real accounts with the rights they really have, at moments of the past."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from agencies.identities import identity_of_user
from agencies.models import Office, Unit, User
from caremgmt.demo.directory import Directory
from caremgmt.directory.tables import CentreRow, centre_rows
from cases.models import Case, FollowUp, SafeContact, WorkItem
from cases.services import followups, lateness
from core import clock, outbox
from core.clock import SHANGHAI
from core.errors import DomainError
from core.identity import WEB, Identity, acting_as, worker_identity
from core.models import OutboxItem
from hotline.models import Contact
from hotline.services.contact import contact_begin, contact_log

T = TypeVar("T")
# A script does something, then yields the moment at which it goes on; a moment that has not come yet ends it.
Script = Iterator[dt.datetime]
BELLS_OF_DAYS = 7
# Callbacks that came due since then are still to be made: of a case that is left alone, and of any other.
WAITING = dt.timedelta(hours=66)
RECENT = dt.timedelta(hours=18)


class Stage:
    """Who and when. `play` runs all scripts in the order of their moments, until now."""

    def __init__(self, directory: Directory, now: dt.datetime, seed: int) -> None:
        self.directory = directory
        self.now = now.astimezone(SHANGHAI)
        self.rng = random.Random(seed)
        self.moment = self.now
        self.left_alone: set[UUID] = set()  # cases whose newest callback is still to be made
        self.unreachable: set[UUID] = set()
        self._identities: dict[UUID, Identity] = {}
        self._queue: list[tuple[dt.datetime, int, Script]] = []
        self._order = itertools.count()

    # --- time ------------------------------------------------------------------------------------------------------------

    def add(self, script: Script) -> None:
        """Let a script take part; it runs at once to the first moment that it names."""
        moment = next(script, None)
        if moment is not None and moment <= self.now:
            heapq.heappush(self._queue, (moment, next(self._order), script))

    def play(self) -> None:
        """Run everything up to now."""
        while self._queue:
            self.moment, _, script = heapq.heappop(self._queue)
            with clock.at(self.moment):
                following = next(script, None)
            if following is not None and following <= self.now:
                heapq.heappush(self._queue, (max(following, self.moment), next(self._order), script))

    def day(self, ago: int, hour: int = 9, minute: int = 0) -> dt.datetime:
        """A time of the day `ago` days before today."""
        return dt.datetime.combine(self.now.date() - dt.timedelta(days=ago), dt.time(hour, minute), SHANGHAI)

    def office_hour(self, moment: dt.datetime) -> dt.datetime:
        """The moment itself in office hours, else soon after the next opening."""
        moment = moment.astimezone(SHANGHAI)
        if moment.hour >= 18:
            moment += dt.timedelta(days=1)
        if moment.hour >= 18 or moment.hour < 8:
            moment = moment.replace(hour=9, minute=self.rng.randint(0, 50))
        while moment.weekday() >= 5:
            moment += dt.timedelta(days=1)
        return moment

    def later(self, hours: float, *, spread: float = 0.4) -> dt.datetime:
        """About so many hours from the present moment, in office hours."""
        return self.office_hour(self.moment + dt.timedelta(hours=hours * self.rng.uniform(1 - spread, 1 + spread)))

    # --- people ------------------------------------------------------------------------------------------------------------

    def identity(self, user: User) -> Identity:
        """The identity of an account."""
        if user.pk not in self._identities:
            self._identities[user.pk] = identity_of_user(user)
        return self._identities[user.pk]

    def do(self, user: User, verb: Callable[..., T], **arguments: Any) -> T:
        """Let a person carry out a verb now, as the web role."""
        by = self.identity(user)
        with acting_as(by, role=WEB):
            return verb(by=by, **arguments)

    def tries(self, user: User, verb: Callable[..., T], **arguments: Any) -> T | None:
        """The same, where the rules may say no."""
        try:
            return self.do(user, verb, **arguments)
        except DomainError:
            return None

    def centre_row(self, county: str) -> CentreRow:
        """The centre of a county."""
        return next(row for row in centre_rows() if row.region == county)

    def managers(self, county: str) -> list[User]:
        """Who manages cases there."""
        row = self.centre_row(county)
        first = self.directory.manager(row)
        return (
            [first, self.directory.user("anjian2.wuhua"), self.directory.director(row)]
            if county == "530102"
            else [first, self.directory.director(row)]
        )

    def operators(self, county: str) -> list[User]:
        """Who answers 12338 for it."""
        names = ("jiexian.wuhua", "jiexian2.wuhua", "zhiban.wuhua")
        return (
            [self.directory.user(name) for name in names] if county == "530102" else [self.directory.operator(county)]
        )

    def liaison(self, unit: Unit) -> User:
        """The named liaison of a unit, chosen as the form would offer it."""
        from referrals.services.letters import liaisons

        return liaisons(unit).order_by("username").first()  # type: ignore[no-any-return]

    # --- acts that many scripts share --------------------------------------------------------------------------------------

    def contact(
        self, user: User, office: Office, channel: str, minutes: float, values: dict[str, Any], **more: Any
    ) -> Contact:
        """A contact begun `minutes` ago and saved now."""
        with clock.at(self.moment - dt.timedelta(minutes=minutes)):
            begun = self.do(user, contact_begin, office=office, channel=channel)
        return self.do(user, contact_log, contact_id=begun.pk, values=values, **more)

    def case(self, case_id: UUID) -> Case:
        """The case as it stands, read by the worker."""
        with acting_as(worker_identity("demo")):
            return Case._base_manager.select_related("category", "office").get(pk=case_id)

    # --- the clockwork -------------------------------------------------------------------------------------------------------

    def clockwork(self, days: int) -> Script:
        """What beat does: callbacks come due, the late are reminded, bells ring (older bells have long been read and are not made)."""
        for ago in range(days, -1, -1):
            for hour in (8, 11, 14, 17, 20):
                yield self.day(ago, hour, 5)
                for pk in followups.due_ids():
                    followups.make_due(pk)
                if hour == 8:
                    lateness.chase()
                if ago <= BELLS_OF_DAYS:
                    self.ring()
                elif hour == 20:
                    with acting_as(worker_identity("demo")):
                        OutboxItem.objects.filter(done_at__isnull=True, available_at__lte=self.moment).update(
                            done_at=self.moment
                        )

    def ring(self) -> None:
        """Deliver what waits."""
        for item in outbox.waiting(2000):
            outbox.deliver(item)

    def deciders(self, days: int) -> Script:
        """Managers and directors decide where somebody could not be reached; the last two days' failures still wait for them."""
        for ago in range(days, 1, -1):
            yield self.day(ago, 16, 50)
            with acting_as(worker_identity("demo")):
                failed = WorkItem.objects.filter(
                    kind="followup.failed", done_at__isnull=True, opened_at__lt=self.day(3, 0)
                ).select_related("case__office")
                items = list(failed.order_by("opened_at", "pk"))
            for item in items:
                if item.case is None:
                    continue
                county = item.case.office.region_id
                by = self.managers(county)[-1] if item.owner_role else self.users_manager(item.case)
                self.tries(
                    by,
                    followups.failure_accept,
                    follow_up_id=item.source_id,
                    note="已请社区网格员上门了解，人平安；与其约定由社区转告，暂缓电话回访。",
                )

    def users_manager(self, case: Case) -> User:
        """The manager of a case, else the first of the centre."""
        return (self.directory.users.get(case.manager_id) if case.manager_id else None) or self.managers(
            case.office.region_id
        )[0]

    def callers(self, days: int) -> Script:
        """Desks and managers call back what is due; today's calls are still to be made."""
        for ago in range(days, 0, -1):
            for hour, minute in ((9, 40), (11, 10), (15, 20)):  # inside the hours of each who has named some
                yield self.day(ago, hour, minute)
                self._call_round()

    def _call_round(self) -> None:
        with acting_as(worker_identity("demo")):
            due = list(FollowUp.objects.filter(status="due").select_related("case__office").order_by("due_at", "pk"))
            safe = {
                row.case_id: row
                for row in SafeContact.objects.filter(party__is_primary=True, case_id__in=[row.case_id for row in due])
            }
        for row in due:
            waits = row.due_at > self.now - (WAITING if row.case_id in self.left_alone else RECENT)
            if waits or not followups.is_safe_now(safe.get(row.case_id)):
                continue
            self._call(row)

    def _call(self, row: FollowUp) -> None:
        from caremgmt.demo import texts

        if row.desk_group_id:
            desk = next(office for office in self.directory.offices.values() if office.group_id == row.desk_group_id)
            caller = self.rng.choice(self.operators(desk.region_id))
        else:
            caller = self.users_manager(row.case)
        if row.case_id in self.unreachable or self.rng.random() < 0.07:
            self.tries(
                caller,
                followups.attempt_record,
                follow_up_id=row.pk,
                version=None,
                outcome="no_answer",
                note="响铃至自动挂断，未留言。",
            )
            return
        satisfaction = self.rng.choice(["satisfied"] * 7 + ["partly", "not_asked"])
        self.tries(
            caller, followups.attempt_record, follow_up_id=row.pk, version=None, outcome="reached", satisfaction=satisfaction,
            note=self.rng.choice(texts.CALLBACK_NOTES),
        )  # fmt: skip
