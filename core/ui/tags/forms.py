"""Fields and forms."""

# ruff: noqa: A002 - the names of arguments are what templates write
from __future__ import annotations

from typing import Any

from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.safestring import SafeString

from core.ui import controls, errors
from core.ui.tags.base import component, register, trim


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
    return component(
        "field",
        control=controls.control(bound, label=label, help=help, width=width, hide_label=hide_label, **attrs),
        optional_mark=optional_mark,
    )


@register.simple_tag
def form_errors(*forms: BaseForm | None, title: Any = "", **labels: Any) -> SafeString | str:
    """What went wrong, at the top, each line names its field and links to it. Takes several forms; says nothing when all is well.

    `labels`: by name of the field, where the page shows another label than the form's.
    """
    lines: list[tuple[str, str]] = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        lines += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            target = "" if bound.is_hidden else controls.first_control_id(bound)
            lines += [(target, said) for said in errors.in_summary(bound, labels.get(bound.name))]
    return component("form_errors", lines=lines, title=title) if lines else ""


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
    return component(
        "form_actions", submit=submit, cancel=cancel, tone=tone, icon=icon, name=name, value=value, more=trim(content)
    )


@register.simple_block_tag
def section(
    content: str, title: Any, *, help: Any = "", id: str = "", open: bool = True, fold: bool = False
) -> SafeString:
    """A part of a long form or page under its own h2; `fold=True` lets it be closed."""
    return component("section", title=title, help=help, id=id, open=open, fold=fold, body=content)


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, form: BaseForm | None = None, label: Any = "") -> SafeString:
    """The one row of filters above a list, sent by GET and remembered in the URL."""
    request = context.get("request")
    shown = [controls.control(bound) for bound in form.visible_fields()] if form is not None else []
    names = {item.bound.html_name for item in shown}
    asked = request.GET if request is not None else {}
    active = [key for key in asked if key in names and asked.get(key)]
    hidden = [bound.as_widget() for bound in form.hidden_fields()] if form is not None else []
    return component("filters", context, controls=shown, hidden=hidden, active=len(active), more=content, label=label)
