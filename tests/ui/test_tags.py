"""Components: what they escape, what they tie together, what they refuse."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core.ui.icons import ICONS


def render(source: str, query: str = "", **context: Any) -> str:
    with translation.override("zh-hans"):
        return Template(source).render(
            Context({"request": RequestFactory().get(f"/{query}"), "csrf_token": "t" * 32, **context})
        )


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="可以不填真名")
    risk = forms.ChoiceField(label="风险", choices=[("h", "高"), ("l", "低")], widget=forms.RadioSelect)
    at = forms.DateTimeField(label="时间", required=False)
    note = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    "source",
    [
        "{% chip x %}",
        "{% person x %}",
        "{% fact 'a' x %}",
        "{% alert 'info' title=x %}{{ x }}{% endalert %}",
        "{% page_head x %}{{ x }}{% endpage_head %}",
        "{% timeline_entry x who=x %}{{ x }}{% endtimeline_entry %}",
        "{% empty_state x how=x %}{% endempty_state %}",
        "{% stat x 1 %}",
        "{% safe_contact hours=x note=x %}",
        "{% panel x %}{{ x }}{% endpanel %}",
        "{% dialog 'd' x %}{{ x }}{% enddialog %}",
    ],
)
def test_component_escapes_what_it_is_given(source: str) -> None:
    html = render(source, x="<script>alert(1)</script>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "source",
    [
        "{% page_head 'T' %}<b>x</b>{% endpage_head %}",
        "{% alert 'ok' %}<b>x</b>{% endalert %}",
        "{% panel 'T' %}<b>x</b>{% endpanel %}",
    ],
)
def test_markup_inside_a_block_stays_markup(source: str) -> None:
    assert "<b>x</b>" in render(source)


def test_figures_are_grouped_by_threes_and_words_are_left() -> None:
    assert render("{{ x|grouped }} {{ y|grouped }}", x=2985, y="※") == "2,985 ※"
    html = render("{% stat '件次' 12985 was=2985 %}")
    assert all(figure in html for figure in ("12,985", "2,985", "10,000"))


def test_meaning_colour_never_comes_without_icon_and_word() -> None:
    html = render("{% chip '逾期' tone='danger' %}")
    assert "#alert-triangle" in html
    assert "逾期" in html


def test_unknown_icon_or_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="no such icon"):
        render("{% icon 'unicorn' %}")
    with pytest.raises(ValueError, match="no such tone"):
        render("{% chip 'x' tone='pink' %}")


def test_field_ties_label_help_and_error_to_the_control() -> None:
    form = Sample({"name": "", "risk": "h"})
    html = render("{% field form.name %}", form=form)
    assert '<label class="field-label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "（必填）" in html


def test_choices_become_a_fieldset_with_one_label_each() -> None:
    html = render("{% field form.risk %}", form=Sample())
    assert html.count("<legend") == 1
    assert re.findall(r'<label for="(id_risk_\d)">', html) == ["id_risk_0", "id_risk_1"]
    assert html.count('class="form-check-input"') == 2


def test_moment_uses_the_browsers_own_picker() -> None:
    assert 'type="datetime-local"' in render("{% field form.at %}", form=Sample())


@pytest.mark.parametrize("widget", [forms.DateInput(), forms.DateInput(attrs={"type": "date"})])
def test_a_day_is_given_to_the_browser_as_it_reads_days(widget: forms.DateInput) -> None:
    """`2026/10/26`, as the language writes it, leaves the browser's own box empty."""

    class Day(forms.Form):
        day = forms.DateField(label="日期", widget=widget, initial=dt.date(2026, 10, 26))

    html = render("{% field form.day %}", form=Day())
    assert 'type="date"' in html
    assert 'value="2026-10-26"' in html


def test_summary_of_errors_links_to_each_field_and_is_silent_when_all_is_well() -> None:
    assert 'href="#id_risk_0"' in render("{% form_errors form %}", form=Sample({"name": "李", "risk": ""}))
    assert render("{% form_errors form %}", form=Sample({"name": "李", "risk": "h"})) == ""
    assert render("{% form_errors form %}", form=Sample()) == ""


class Needed(forms.Form):
    """One needed field of each kind; the last says by itself what it wants."""

    name = forms.CharField(label="姓名")
    place = forms.ChoiceField(label="地点", choices=[("", "请选择"), ("a", "甲")])
    parts = forms.MultipleChoiceField(label="内容", choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
    consent = forms.BooleanField(label="她已同意")
    paper = forms.FileField(label="附件")
    day = forms.DateField(label="日期")
    why = forms.CharField(label="原因是什么？", error_messages={"required": "请说明原因。"})


def test_each_line_of_the_summary_names_its_field_and_says_what_is_needed() -> None:
    html = render("{% form_errors form %}", form=Needed({"day": "昨天"}))
    lines = dict(re.findall(r'<a href="#id_(\w+?)(?:_0)?">([^<]+)</a>', html))
    assert lines == {
        "name": "请填写：姓名", "place": "请选择：地点", "parts": "请选择：内容", "consent": "请勾选后继续：她已同意", "paper": "请选择文件：附件",
        "day": "日期：输入一个有效的日期。", "why": "原因是什么？ 请说明原因。",
    }  # fmt: skip
    assert "该字段" not in html


def test_what_is_needed_stands_beside_the_field_too_and_in_english() -> None:
    form = Needed({"day": "昨天"})
    shown = "".join(f"{{% field form.{name} %}}" for name in form.fields)
    beside = render(shown, form=form)
    assert "请填写：姓名" in beside
    assert "请说明原因。" in beside
    assert "该字段" not in beside
    with translation.override("en"):
        english = Template(f"{{% form_errors form %}}{shown}").render(Context({"form": Needed({})}))
    assert english.count("Please fill in: 姓名") == 2
    assert "This field is required" not in english


def test_a_label_that_the_page_shows_instead_is_the_one_that_its_errors_name() -> None:
    form = Needed({})
    assert "请填写：用户名" in render("{% form_errors form name='用户名' %}", form=form)
    assert "请填写：用户名" in render("{% field form.name label='用户名' %}", form=form)


def test_every_form_head_carries_token_version_and_a_new_key() -> None:
    first, second = (render("{% form_head obj %}", obj=7) for _ in range(2))
    key = re.compile(r'name="request_key" value="([0-9a-f-]{36})"')
    assert 'name="version" value="7"' in first
    assert 'name="csrfmiddlewaretoken"' in first
    assert key.findall(first) != key.findall(second)


def test_sorting_again_turns_the_order_and_forgets_the_page() -> None:
    html = render("{% th '期限' sort='due' %}", query="?sort=due&page=3&status=open")
    assert 'href="?status=open&amp;sort=-due"' in html
    assert 'aria-sort="ascending"' in html


def test_safe_contact_says_so_when_nothing_is_agreed() -> None:
    assert "尚未商定" in render("{% safe_contact %}")
    known = render("{% safe_contact rules %}", rules={"hours": "9:30—11:30", "no_text": True})
    assert "尚未商定" not in known
    assert "不得发短信" in known
    assert "不得留言" not in known


def test_progress_stops_asking_when_it_has_ended() -> None:
    assert "hx-get" in render("{% progress url='/x/' value=1 max=3 label='导出' %}")
    assert "hx-get" not in render("{% progress url='/x/' value=3 max=3 label='导出' done=True %}")
    assert "hx-get" not in render("{% progress url='/x/' label='导出' failed='第 3 行' %}")


def test_no_component_writes_an_inline_style_or_handler() -> None:
    html = render(
        "{% for name in icons %}{% icon name %}{% endfor %}{% progress value=1 max=3 label='x' %}{% due now %}",
        icons=ICONS,
        now=None,
    )
    assert not re.search(r"\s(style|on\w+)=", html)
