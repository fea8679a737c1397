"""Which centre is proposed for a case: the one that is responsible for where she lives; and the sentence that says why.

The console's script follows the choice of the place by the same rules (`static/js/console.js`), with the sentences and centres from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.enums import Level, OfficeKind
from agencies.models import Office

SENTENCES: dict[str, Promise] = {
    "unknown": _("Say where she lives: the centre responsible for that place is then proposed."),
    "desk": _("Where she lives is not known: the centre of this desk is proposed."),
    "county": _("Proposed: %(centre)s is responsible for %(county)s, where she lives. You may choose another."),
    "prefecture": _("Proposed: %(county)s has no centre of its own; %(centre)s is responsible for the whole prefecture. You may choose another."),
    "none": _("%(county)s has no centre that is responsible: choose the one that takes the case."),
    "other": _("She lives in %(county)s, where %(centre)s is responsible. You have chosen another centre."),
    "here": _("She lives in %(county)s, where %(centre)s is responsible. Your centre takes the case first, and can hand it over once it is assessed."),
}  # fmt: skip


def responsible(centres: Sequence[Office], residence: str | None) -> Office | None:
    """The centre of the county where she lives, else the one of its prefecture."""
    if not residence:
        return None
    own = (office for office in centres if office.region_id == residence)
    above = (
        office
        for office in centres
        if office.region.level == Level.PREFECTURE and residence.startswith(office.region.prefix)
    )
    return next(own, None) or next(above, None)


def offered(centres: Sequence[Office], taker: Office) -> list[Office]:
    """Centres at which `taker` may open a case, the nearest first: a centre only itself; a desk is turned to from everywhere."""
    if taker.kind == OfficeKind.CENTRE:
        return [taker]
    here, around = taker.region.prefix, taker.region_id[:4]
    return sorted(centres, key=lambda one: (not one.region_id.startswith(here), one.region_id[:4] != around))


def proposed(centres: Sequence[Office], taker: Office, residence: str | None) -> Office | None:
    """The centre that stands chosen until somebody chooses: her place's; where that is not known, the only one of the desk's own region."""
    if taker.kind == OfficeKind.CENTRE:
        return taker
    if residence:
        return responsible(centres, residence)
    here = [office for office in centres if office.region_id.startswith(taker.region.prefix)]
    return here[0] if len(here) == 1 else None


def why(
    centres: Sequence[Office], taker: Office, residence: str | None, county: str, chosen: Office | None
) -> dict[str, Any]:
    """The sentence beside the choice: its code and what it says."""
    found = responsible(centres, residence)
    if taker.kind == OfficeKind.CENTRE:
        code = "here" if found and found != taker else ""
    elif not residence:
        code = "desk" if chosen and chosen == proposed(centres, taker, None) else "unknown"
    elif found is None:
        code = "none"
    elif chosen != found:
        code = "other"
    else:
        code = "county" if found.region_id == residence else "prefecture"
    said = SENTENCES[code] % {"centre": found.short_name if found else "", "county": county} if code else ""
    return {"code": code, "said": said}


def for_script(centres: Sequence[Office], taker: Office) -> dict[str, Any]:
    """What the console's script needs to say the same when the place changes."""
    unknown = proposed(centres, taker, None)
    return {
        "isDesk": taker.kind != OfficeKind.CENTRE,
        "unknown": str(unknown.pk) if unknown else "",
        "responsible": {
            office.region_id: [str(office.pk), office.short_name]
            for office in centres
            if office.region.level in (Level.COUNTY, Level.PREFECTURE)
        },
        "sentences": {code: str(words) for code, words in SENTENCES.items()},
    }
