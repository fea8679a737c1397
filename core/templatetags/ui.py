"""The product's components as template tags; `/styleguide/` shows every one of them.

Small ones that stand in every row of a list (chip, due, icon, person) are written here directly, because rendering a template
for each would be felt; the others are templates in `templates/components/`.
"""

# ruff: noqa: A002 - the names of arguments are what templates write
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.ui import controls, masking, times
from core.ui.icons import ICONS

register = template.Library()

TONES = frozenset({"neutral", "info", "ok", "warn", "danger", "brand"})
TONE_ICONS = {"info": "info-circle", "ok": "circle-check", "warn": "alert-circle", "danger": "alert-triangle"}

register.filter("mask_phone", masking.mask_phone)
register.filter("mask_id", masking.mask_id)
register.filter("duration", times.duration)


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return tone


def _component(component: str, context: Context | None = None, /, **values: Any) -> SafeString:
    """A component's template with `values`, and of the page's context only what every template may need."""
    if context is not None:
        values.setdefault("request", context.get("request"))
        values.setdefault("csrf_token", context.get("csrf_token"))
    return mark_safe(get_template(f"components/{component}.html").render(values))  # noqa: S308 -- the engine has escaped it


def _trim(content: str) -> SafeString:
    """A block's rendered content without its outer blanks, so that an empty one is false."""
    return mark_safe(content.strip())  # noqa: S308 -- rendered by the template engine, escaped there


# --- small ones -------------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: Any = "", cls: str = "") -> SafeString:
    """A drawing from the sprite; decoration unless `label` says what it means."""
    if name not in ICONS:
        raise ValueError(f"no such icon: {name}; add it to core.ui.icons.ICONS")
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        cls,
        said,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def chip(text: Any, tone: str = "neutral", icon: str = "", title: Any = "") -> SafeString:
    """A state in a word; a tone that means something brings its icon, so that colour is never alone."""
    picture = icon or TONE_ICONS.get(_tone(tone), "")
    return format_html(
        '<span class="chip chip-{}"{}>{}<span>{}</span></span>',
        tone,
        format_html(' title="{}"', title) if title else "",
        _icon(picture) if picture else "",
        text,
    )


def _icon(name: str) -> SafeString:
    return icon(name)


@register.simple_tag
def due(at: dt.datetime | None, done: dt.datetime | None = None, soon_hours: float = 24) -> SafeString:
    """剩 2 小时 / 逾期 1 天, as loud as it is late, the exact moment on hover. Nothing when nothing is due."""
    if at is None:
        return format_html('<span class="quiet">{}</span>', _("no due time"))
    said = times.due(at, done=done, soon=soon_hours * times.HOUR)
    return format_html(
        '<time class="due due-{}" datetime="{}" title="{}">{}<span>{}</span></time>',
        said.tone,
        at.isoformat(),
        times.exact(at),
        _icon(said.icon),
        said.words,
    )


@register.filter
def when(value: dt.datetime | dt.date | None) -> SafeString | str:
    """今天 10:32, with the whole moment on hover."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), times.exact(value), times.when(value)
    )


@register.filter
def ago(value: dt.datetime | None) -> SafeString | str:
    """3 分钟前, with the whole moment on hover."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), times.exact(value), times.ago(value)
    )


@register.filter
def exact(value: dt.datetime | dt.date | None) -> str:
    """2026-11-23 10:32."""
    return times.exact(value) if value else ""


@register.simple_tag
def person(name: Any, phone: str = "", id_number: str = "", note: Any = "", url: str = "") -> SafeString:
    """A human in one line: the name, and numbers masked. Give plain numbers or already masked ones."""
    shown = format_html('<a href="{}">{}</a>', url, name) if url else format_html("{}", name)
    phone_text = phone if "*" in (phone or "") else masking.mask_phone(phone)
    id_text = id_number if "*" in (id_number or "") else masking.mask_id(id_number)
    parts = [text for text in (note, phone_text, id_text) if text]
    return format_html(
        '<span class="person"><span class="person-name">{}</span>{}</span>',
        shown,
        format_html_join("", '<span class="person-part num">{}</span>', ((part,) for part in parts)),
    )


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """The keys to press, in order."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))


@register.simple_tag
def request_key() -> SafeString:
    """The hidden key that makes a POST count once, however often it is sent."""
    return format_html('<input type="hidden" name="request_key" value="{}">', uuid.uuid4())


@register.simple_tag
def version(obj: Any) -> SafeString:
    """The hidden version of `obj` that the person is looking at (an object with `.version`, or the number itself)."""
    return format_html('<input type="hidden" name="version" value="{}">', getattr(obj, "version", obj))


@register.simple_tag(takes_context=True)
def form_head(context: Context, obj: Any = None) -> SafeString:
    """What every POST form begins with: CSRF token, request key and, where an object is changed, its version."""
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token") or "")
    return format_html("{}{}{}", token, request_key(), version(obj) if obj is not None else "")


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with `changes`; None or "" takes a key out."""
    request = context.get("request")
    kept = request.GET.copy() if request is not None else {}
    for key, value in changes.items():
        kept.pop(key, None)
        if value not in (None, ""):
            kept[key] = str(value)
    text = kept.urlencode() if hasattr(kept, "urlencode") else urlencode(kept)
    return f"?{text}" if text else "?"


@register.simple_tag
def ui_texts() -> dict[str, str]:
    """What app.js says, in the person's language."""
    return {
        "saving": _("Saving…"),
        "saved": _("Saved %(time)s"),
        "notSaved": _("Not saved yet; what you typed is kept on this page"),
        "elsewhere": _(
            "Changed in another window. What you type here is no longer saved by itself; save it, and you are asked."
        ),
        "unsaved": _("You have changes that are not saved. Leave this page?"),
        "offline": _("No connection. What you typed is kept on this page; try again when the connection is back."),
        "online": _("The connection is back."),
        "failed": _("This did not work. Nothing was changed; please try again."),
        "refused": _("You may not do this."),
        "stale": _(
            "Somebody else has changed this meanwhile. Load the page again to see it; what you typed is kept until then."
        ),
        "sending": _("Please wait…"),
        "wrongPassword": _("The password is not right."),
        "sameUser": _("Somebody else has logged in. Load the page again."),
        "stillOut": _("You are not logged in yet."),
        "chartFailed": _("The chart could not be drawn; the table below has the figures."),
    }


# --- page -------------------------------------------------------------------------------------------------------------
@register.simple_block_tag(takes_context=True)
def page_head(
    context: Context,
    content: str,
    title: Any,
    *,
    subtitle: Any = "",
    state: Any = "",
    back: str = "",
    back_label: Any = "",
    sticky: bool = True,
) -> SafeString:
    """The page's one h1, its state (chips) and, as content, its actions (one `btn-primary`)."""
    return _component(
        "page_head",
        context,
        title=title,
        subtitle=subtitle,
        state=state,
        back=back,
        back_label=back_label,
        sticky=sticky,
        actions=_trim(content),
    )


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Sequence[Mapping[str, Any]], label: Any = "") -> SafeString:
    """Pages beside each other: [{label, url, active, count}]."""
    return _component("tabs", context, items=items, label=label)


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: Any = "", icon: str = "") -> SafeString:
    """Something to know before going on. `danger` speaks up to screen readers."""
    return _component(
        "alert", tone=_tone(tone), title=title, icon=icon or TONE_ICONS.get(tone, "info-circle"), body=_trim(content)
    )


@register.simple_block_tag
def empty_state(content: str, title: Any, how: Any = "", icon: str = "inbox") -> SafeString:
    """Nothing here: what would come here and how; content is the one action, if there is one."""
    return _component("empty", title=title, how=how, icon=icon, actions=_trim(content))


# --- forms ------------------------------------------------------------------------------------------------------------
@register.simple_tag
def field(
    bound: BoundField,
    *,
    label: Any = None,
    help: Any = None,
    width: str = "",
    hide_label: bool = False,
    optional_mark: bool = False,
    **attrs: Any,
) -> SafeString:
    """A whole form field: label, control, help and error. Hidden fields come out bare."""
    if bound.is_hidden:
        return bound.as_widget()
    return _component(
        "field",
        control=controls.control(bound, label=label, help=help, width=width, hide_label=hide_label, **attrs),
        optional_mark=optional_mark,
    )


@register.simple_tag
def form_errors(*forms: BaseForm | None, title: Any = "") -> SafeString | str:
    """What went wrong, at the top, each line a link to its field. Takes several forms; says nothing when all is well."""
    lines: list[tuple[str, str]] = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        lines += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            target = "" if bound.is_hidden else controls.first_control_id(bound)
            lines += [(target, f"{bound.label}：{error}" if bound.is_hidden else str(error)) for error in bound.errors]
    return _component("form_errors", lines=lines, title=title) if lines else ""


@register.simple_block_tag
def form_actions(
    content: str,
    submit: Any,
    *,
    cancel: str = "",
    tone: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
) -> SafeString:
    """The end of a form: one verb, a way back, and further buttons as content. Tone is `primary` or `danger`."""
    return _component(
        "form_actions", submit=submit, cancel=cancel, tone=tone, icon=icon, name=name, value=value, more=_trim(content)
    )


@register.simple_block_tag
def section(
    content: str, title: Any, *, help: Any = "", id: str = "", open: bool = True, fold: bool = False
) -> SafeString:
    """A part of a long form or page under its own h2; `fold=True` lets it be closed."""
    return _component("section", title=title, help=help, id=id, open=open, fold=fold, body=content)


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, form: BaseForm | None = None, label: Any = "") -> SafeString:
    """The one row of filters above a list, sent by GET and remembered in the URL."""
    request = context.get("request")
    shown = [controls.control(bound) for bound in form.visible_fields()] if form is not None else []
    names = {item.bound.html_name for item in shown}
    asked = request.GET if request is not None else {}
    active = [key for key in asked if key in names and asked.get(key)]
    hidden = [bound.as_widget() for bound in form.hidden_fields()] if form is not None else []
    return _component("filters", context, controls=shown, hidden=hidden, active=len(active), more=content, label=label)


# --- lists ------------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def table(content: str, caption: Any, scroll: bool = False, cls: str = "", show_caption: bool = False) -> SafeString:
    """A list: hairlines, sticky head, stacked on a phone. `scroll=True` for wide statistics, which scroll in their own frame."""
    return _component("table", caption=caption, scroll=scroll, cls=cls, show_caption=show_caption, body=content)


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
    picture = _icon("arrow-up" if up else "arrow-down" if down else "arrows-sort")
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
    return _component(
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
    return _component(
        "keyset_pager",
        context,
        shown=shown,
        next_url=query(context, after=next, before=None, page=None) if next else "",
        prev_url=query(context, before=prev, after=None, page=None) if prev else "",
    )


# --- facts and history ------------------------------------------------------------------------------------------------
@register.simple_block_tag
def facts(content: str, columns: int = 1) -> SafeString:
    """Names and values beside each other; filled with `fact` and `fact_block`."""
    return format_html('<dl class="facts facts-{}">{}</dl>', columns, content)


@register.simple_tag
def fact(label: Any, value: Any = "", num: bool = False) -> SafeString:
    """One name and value; an unknown value is a quiet dash."""
    shown = value if value not in (None, "") else format_html('<span class="quiet">{}</span>', "—")
    return format_html('<div><dt>{}</dt><dd class="{}">{}</dd></div>', label, "num" if num else "", shown)


@register.simple_block_tag
def fact_block(content: str, label: Any) -> SafeString:
    """A fact whose value is markup."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_block_tag
def timeline(content: str, label: Any = "") -> SafeString:
    """One truth, many kinds of entry; filled with `timeline_entry`."""
    return format_html('<ol class="timeline" aria-label="{}">{}</ol>', label or _("Timeline"), content)


@register.simple_block_tag
def timeline_entry(
    content: str,
    title: Any,
    *,
    at: dt.datetime | None = None,
    who: Any = "",
    icon: str = "point",
    tone: str = "neutral",
    anchor: str = "",
) -> SafeString:
    """What happened, who did it, when; the content is its text."""
    return _component(
        "timeline_entry", title=title, at=at, who=who, icon=icon, tone=_tone(tone), anchor=anchor, body=_trim(content)
    )


@register.simple_block_tag
def panel(
    content: str,
    title: Any,
    *,
    id: str = "",
    url: str = "",
    count: int | None = None,
    action_url: str = "",
    action: Any = "",
    icon: str = "",
) -> SafeString:
    """A part of a page under its own h2. With `url` it loads itself when it comes into sight; content stands there until then."""
    return _component(
        "panel",
        title=title,
        id=id or f"panel-{uuid.uuid4().hex[:8]}",
        url=url,
        count=count,
        action_url=action_url,
        action=action,
        icon=icon,
        body=_trim(content),
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: Any, wide: bool = False) -> SafeString:
    """A modal `<dialog>`, opened by any button with `data-dialog="id"`."""
    return _component("dialog", id=id, title=title, wide=wide, body=content)


@register.simple_tag
def progress(
    *, url: str = "", value: int = 0, max: int = 100, label: Any = "", done: bool = False, failed: Any = ""
) -> SafeString:
    """How far long work is. With `url` it asks again every two seconds until the answer is rendered with `done` or `failed`."""
    share = min(100, round(100 * value / max)) if max else 0
    return _component("progress", url=url, value=value, max=max, share=share, label=label, done=done, failed=failed)


@register.simple_tag
def stat(
    label: Any,
    value: Any,
    *,
    unit: Any = "",
    was: float | None = None,
    was_label: Any = "",
    before: float | None = None,
    before_label: Any = "",
    good: str = "",
    url: str = "",
    tone: str = "",
) -> SafeString:
    """A headline figure beside what it was (`was`, and a second comparison `before`); `good` is `up` or `down` where one is better."""
    comparisons = []
    for old, said in ((was, was_label or _("last month")), (before, before_label or _("same month last year"))):
        if old is None or not isinstance(value, int | float):
            continue  # a figure that is not shown is compared with nothing
        change = float(value) - old
        direction = "up" if change > 0 else "down" if change < 0 else "same"
        css = "" if direction == "same" or not good else "ok" if direction == good else "warn"
        amount = f"{abs(change):.1f}".rstrip("0").rstrip(".") if change % 1 else f"{abs(int(change))}"
        comparisons.append({"label": said, "old": old, "direction": direction, "css": css, "amount": amount})
    return _component(
        "stat", label=label, value=value, unit=unit, comparisons=comparisons, url=url, tone=tone and _tone(tone)
    )


@register.simple_tag
def stepper(steps: Sequence[Any], current: int) -> SafeString:
    """Where one is in a few steps; `current` counts from 1."""
    rows = [
        {
            "label": step,
            "state": "done" if number < current else "current" if number == current else "ahead",
            "number": number,
        }
        for number, step in enumerate(steps, start=1)
    ]
    return _component("stepper", steps=rows)


@register.simple_tag(takes_context=True)
def checklist(context: Context, items: Sequence[Mapping[str, Any]], label: Any = "", id: str = "") -> SafeString:
    """What to do, and when and by whom it was done: [{label, help, done_at, by, url, name}].

    `url` takes the POST that ticks it (htmx replaces the whole list with the answer); without it an item is only shown.
    """
    return _component("checklist", context, items=items, label=label, id=id or f"checklist-{uuid.uuid4().hex[:8]}")


# --- safety -----------------------------------------------------------------------------------------------------------
@register.simple_tag
def safe_contact(
    rules: Any = None,
    *,
    hours: Any = "",
    number: Any = "",
    code_word: Any = "",
    no_message: bool = False,
    no_text: bool = False,
    note: Any = "",
    unsafe_now: bool | None = None,
    missing: bool = False,
) -> SafeString:
    """How to reach the client without endangering her, on top of every screen from which someone might phone.

    Takes an object or mapping with these names, or the arguments; `unsafe_now=True` says that this is not a safe hour, False that it is.
    """
    names = ("hours", "number", "code_word", "no_message", "no_text", "note", "unsafe_now")
    given = dict(zip(names, (hours, number, code_word, no_message, no_text, note, unsafe_now), strict=True))
    if rules is not None:
        for name in names:
            value = rules.get(name) if isinstance(rules, Mapping) else getattr(rules, name, None)
            if value not in (None, ""):
                given[name] = value
    return _component(
        "safe_contact", missing=missing or not any(value not in (None, "", False) for value in given.values()), **given
    )


@register.simple_tag
def stale_notice(
    changes: Sequence[Mapping[str, Any]], by: Any = "", at: dt.datetime | None = None, url: str = ""
) -> SafeString:
    """Somebody was faster: [{field, was, now, yours, by, at}]. What the person typed stays in the form below."""
    return _component("stale_notice", changes=changes, by=by, at=at, url=url)


@register.simple_block_tag
def chart(content: str, id: str, title: Any, height: str = "md") -> SafeString:
    """A chart drawn from `json_script` data of that id (an ECharts option); content is its text alternative, normally a table."""
    return _component("chart", id=id, title=title, height=height, body=content)
