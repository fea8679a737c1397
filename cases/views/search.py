"""Global search. The words travel in the body of a POST and stand in no address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.services.search import LIMIT
from cases.services.search import search as find
from core.blindindex import QueryKind, grams_of_query
from core.views import Asked, page

LONGEST = 60


@page(methods=("GET", "HEAD", "POST"))
def search(request: Asked) -> HttpResponse:
    """Cases by number, name, initials or phone, papers by number: what is found is what may be seen."""
    text = " ".join(request.POST.get("q", "").split())[:LONGEST] if request.method == "POST" else ""
    kind = grams_of_query(text).kind if text else QueryKind.NOTHING
    found = find(by=request.identity, text=text) if text else None
    context = {
        "q": text, "found": found, "why": _why_nothing(kind, text) if text and not found else "",
        "full": found is not None and len(found.cases) == LIMIT,
    }  # fmt: skip
    return render(request, "cases/search.html", context)


def _why_nothing(kind: QueryKind, text: str) -> str:
    if kind == QueryKind.ID_NUMBER:
        return _(
            "An ID number is not searched here: in a call it is checked with match or no match, and nothing is shown."
        )
    if kind == QueryKind.NOTHING or len(text) < 2:
        return _("That is too little, or not something that can be searched. Type one of the things below.")
    return _(
        "Either there is no such case, or it is not one that you may see. Look for a typing error, or try another of the things below."
    )
