"""Lists: the table, its heads, its pages."""

# ruff: noqa: A002 - the names of arguments are what templates write
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.ui.tags.base import component, register
from core.ui.tags.requests import query
from core.ui.tags.words import drawing


@register.simple_block_tag
def table(content: str, caption: Any, scroll: bool = False, cls: str = "", show_caption: bool = False) -> SafeString:
    """A list: hairlines, sticky head, stacked on a phone. `scroll=True` for wide statistics, which scroll in their own frame."""
    return component("table", caption=caption, scroll=scroll, cls=cls, show_caption=show_caption, body=content)


@register.simple_tag(takes_context=True)
def th(context: Context, label: Any, sort: str = "", num: bool = False, param: str = "sort") -> SafeString:
    """A column's head; with `sort` a link that sorts by it, and the other way round when pressed again."""
    css = "num" if num else ""
    if not sort:
        return format_html('<th scope="col" class="{}">{}</th>', css, label)
    request = context.get("request")
    now = request.GET.get(param, "") if request is not None else ""
    up, down = now == sort, now == f"-{sort}"
    target = query(context, **{param: f"-{sort}" if up else sort, "page": None, "after": None, "before": None})
    state = "ascending" if up else "descending" if down else "none"
    picture = drawing("arrow-up" if up else "arrow-down" if down else "arrows-sort")
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="sort" href="{}">{}{}</a></th>',
        css,
        state,
        target,
        label,
        picture,
    )


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page[Any], total_label: Any = "") -> SafeString:
    """Numbered pages of a Django paginator's page."""
    numbers: Iterable[Any] = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    links = [
        {"number": n, "url": query(context, page=n) if isinstance(n, int) else "", "current": n == page.number}
        for n in numbers
    ]
    return component(
        "pager",
        context,
        page=page,
        links=links,
        total=page.paginator.count,
        total_label=total_label,
        prev_url=query(context, page=page.previous_page_number()) if page.has_previous() else "",
        next_url=query(context, page=page.next_page_number()) if page.has_next() else "",
    )


@register.simple_tag(takes_context=True)
def keyset_pager(context: Context, next: str = "", prev: str = "", shown: int | None = None) -> SafeString:
    """Earlier and later pages of a list without a count: opaque tokens in `?after=` and `?before=`."""
    return component(
        "keyset_pager",
        context,
        shown=shown,
        next_url=query(context, after=next, before=None, page=None) if next else "",
        prev_url=query(context, before=prev, after=None, page=None) if prev else "",
    )
