"""A Django form field as the page shows it: label, control, help and error, tied together for people who cannot see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.widgets import ChoiceWidget, DateTimeBaseInput
from django.utils.safestring import SafeString

from core.ui import errors as words

WIDTHS = frozenset({"xs", "sm", "md", "lg", "full"})


@dataclass(frozen=True)
class Option:
    """One radio button or check box of a group."""

    control: SafeString
    id: str
    label: Any
    group: Any = ""  # the label of the group that it stands in


@dataclass(frozen=True)
class Control:
    """What `components/field.html` draws."""

    bound: BoundField
    kind: str  # one | group | check | multi
    html: SafeString | str
    options: list[Option]
    label: Any
    help: Any
    errors: list[str]
    hide_label: bool
    width: str
    id: str

    @property
    def required(self) -> bool:
        return bool(self.bound.field.required)


def _native_time(widget: forms.Widget) -> None:
    """Let the browser's own date and time pickers appear; they drop a value that is not ISO, also where a form has named the type itself."""
    kinds: list[tuple[type[DateTimeBaseInput], str, str]] = [
        (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
        (forms.DateInput, "date", "%Y-%m-%d"),
        (forms.TimeInput, "time", "%H:%M"),
    ]
    for cls, input_type, layout in kinds:
        if isinstance(widget, cls) and widget.input_type in ("text", input_type):
            widget.input_type, widget.format = input_type, layout
            return


def _class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


def _width(widget: forms.Widget, given: str) -> str:
    if given:
        if given not in WIDTHS:
            raise ValueError(f"a field's width is one of {', '.join(sorted(WIDTHS))}")
        return given
    if isinstance(widget, forms.Textarea | forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return "full"
    if isinstance(widget, DateTimeBaseInput | forms.NumberInput):
        return "sm"
    return "md"


def _groups(widget: ChoiceWidget) -> list[Any]:
    """The group of each choice, in the order in which they are drawn."""
    found: list[Any] = []
    for value, label in widget.choices:
        found += [value] * len(label) if isinstance(label, list | tuple) else [""]
    return found


def control(
    bound: BoundField,
    *,
    label: Any = None,
    help: Any = None,  # noqa: A002
    width: str = "",
    hide_label: bool = False,
    **attrs: Any,
) -> Control:
    """Render a bound field's parts; further `attrs` land on the control (`rows=3`, `data_autofocus=1` becomes `data-autofocus`)."""
    widget, errors = bound.field.widget, words.in_words(bound, label)
    base_id = bound.auto_id or bound.html_name
    help_text = bound.help_text if help is None else help
    described = [f"{base_id}_helptext"] * bool(help_text) + [f"{base_id}_error"] * bool(errors)
    more = {name.replace("_", "-"): value for name, value in attrs.items()}
    if described:
        more["aria-describedby"] = " ".join(described)
    if errors:
        more["aria-invalid"] = "true"
    options: list[Option] = []
    html: SafeString | str = ""
    kind = "one"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        kind = "group"
        for sub, group in zip(bound.subwidgets, _groups(widget), strict=True):
            sub.data["attrs"] = {**sub.data["attrs"], **more, "class": "form-check-input"}
            sub.data["wrap_label"] = False
            options.append(
                Option(control=sub.tag(wrap_label=False), id=sub.id_for_label, label=sub.choice_label, group=group)
            )
    elif isinstance(widget, forms.MultiWidget):
        kind = "multi"
        for part in widget.widgets:
            _native_time(part)
            part.attrs.setdefault("class", _class(part))
        html = bound.as_widget(attrs=more)
    else:
        kind = "check" if isinstance(widget, forms.CheckboxInput) else "one"
        _native_time(widget)
        css = f"{widget.attrs.get('class', '')} {_class(widget)}".strip()
        html = bound.as_widget(attrs={**more, "class": css})
    return Control(
        bound=bound,
        kind=kind,
        html=html,
        options=options,
        label=bound.label if label is None else label,
        help=help_text,
        errors=errors,
        hide_label=hide_label,
        width=_width(widget, width),
        id=str(bound.id_for_label or base_id),
    )


def first_control_id(bound: BoundField) -> str:
    """Where a link of the error summary jumps: the control, or the first of a group."""
    base = bound.auto_id or bound.html_name
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{base}_0"
    return str(bound.id_for_label or base)
