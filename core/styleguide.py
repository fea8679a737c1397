"""`/styleguide/`: every component with words and lengths as they occur, for those who build pages. Mounted in a demo only."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from core import clock
from core.ui.icons import ICONS


class SampleForm(forms.Form):
    """One field of each kind, one of them wrong."""

    caller = forms.CharField(label="来电人", help_text="不愿透露时填“匿名”。", max_length=40)
    phone = forms.RegexField(
        r"^1\d{10}$",
        label="联系电话",
        error_messages={"invalid": "手机号码应为 11 位数字，请核对最后几位。"},
        help_text="只填来电人同意我们回拨的号码。",
    )
    relation = forms.ChoiceField(
        label="与当事人的关系", choices=[("", "请选择"), ("self", "本人"), ("kin", "亲属"), ("neighbour", "邻居或同事")]
    )
    danger = forms.ChoiceField(
        label="她现在是否有危险",
        choices=[("yes", "有，施暴者在场"), ("no", "没有"), ("unknown", "说不清")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="她需要什么",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("law", "法律咨询"),
            ("mind", "心理疏导"),
            ("bed", "临时庇护"),
            ("health", "就医"),
            ("police", "报警"),
            ("school", "孩子入学"),
            ("job", "就业帮扶"),
        ],
    )
    story = forms.CharField(
        label="发生了什么", widget=forms.Textarea(attrs={"rows": 4}), help_text="用她自己的话，不作评判。"
    )
    at = forms.DateTimeField(label="约定回访时间", required=False)
    consent = forms.BooleanField(
        label="已向她说明信息将如何使用，她同意转给相关部门",
        error_messages={"required": "转办前须取得她的同意，或改选法定依据。"},
    )


class SampleFilter(forms.Form):
    """A list's filters."""

    q = forms.CharField(label="编号", required=False)
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("open", "处理中"), ("late", "已逾期"), ("closed", "已结案")],
    )
    risk = forms.ChoiceField(
        label="风险", required=False, choices=[("", "全部"), ("high", "高"), ("mid", "中"), ("low", "低")]
    )


def _rows(now: dt.datetime) -> list[SimpleNamespace]:
    names = ["王秀兰", "尼玛卓嘎", "阿依木·买买提", "李某", "刀玉香", "欧阳雪梅"]
    states = [("逾期", "danger"), ("待受理", "warn"), ("处理中", "info"), ("已结案", "ok"), ("暂缓", "neutral")]
    matters = [
        "家庭暴力，已出具告诫书，需临时庇护",
        "劳动权益，孕期被解除劳动合同",
        "婚姻家庭纠纷",
        "未成年人监护缺失，父母外出务工，由祖母照料",
        "信息咨询",
    ]
    return [
        SimpleNamespace(
            number=f"530102-2026-{7 + i}K{3 + i % 7}F",
            name=names[i % len(names)],
            phone=f"1388888{1000 + i}",
            matter=matters[i % len(matters)],
            state=states[i % len(states)][0],
            tone=states[i % len(states)][1],
            due=now + dt.timedelta(hours=(i - 3) * 11),
            count=i * 3,
            manager=["李晓梅", "张建国"][i % 2],
        )
        for i in range(64)
    ]


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    now = clock.now()
    wrong = SampleForm(
        {
            "caller": "邻居刘阿姨",
            "phone": "1388888",
            "relation": "neighbour",
            "danger": "yes",
            "story": "",
            "at": "2026-11-23T16:30",
        }
    )
    context: dict[str, Any] = {
        "now": now,
        "hours_ago": now - dt.timedelta(hours=3),
        "days_ago": now - dt.timedelta(days=4),
        "soon": now + dt.timedelta(hours=2, minutes=5),
        "later": now + dt.timedelta(days=5),
        "page_of_rows": Paginator(_rows(now), 10).get_page(request.GET.get("page")),
        "filter_form": SampleFilter(request.GET or None),
        "empty_form": SampleForm(),
        "wrong_form": wrong,
        "icons": sorted(ICONS),
        "tabs": [
            {"label": "时间线", "url": "?", "active": True, "count": 18},
            {"label": "人员", "url": "?tab=people", "count": 4},
            {"label": "服务", "url": "?tab=services", "count": 0},
            {"label": "查阅记录", "url": "?tab=log"},
        ],
        "safe": {
            "hours": "工作日 9:30—11:30",
            "number": "139****2210（同事）",
            "code_word": "图书馆到期",
            "no_message": True,
            "no_text": True,
            "note": "丈夫常查手机通话记录；接电话的若是男性，说打错了。",
            "unsafe_now": True,
        },
        "steps": ["核对转介单", "健康与安全询问", "安排床位"],
        "checklist": [
            {"label": "拨打 110 并记下接警编号", "done_at": now - dt.timedelta(minutes=12), "by": "李晓梅"},
            {
                "label": "提醒保留证据",
                "help": "伤情照片、聊天记录、就诊病历，不洗衣物。",
                "done_at": now - dt.timedelta(minutes=9),
                "by": "李晓梅",
            },
            {"label": "建议就医并作伤情鉴定", "url": "/styleguide/"},
            {"label": "商定安全去处与安全计划"},
        ],
        "changes": [
            {
                "field": "风险等级",
                "was": "中",
                "now": "高",
                "yours": "中",
                "by": "张建国",
                "at": now - dt.timedelta(minutes=4),
            },
            {"field": "下一步", "was": "电话回访", "now": "上门走访，由派出所陪同", "yours": "电话回访，改为周四上午"},
        ],
        "trend": {
            "legend": {},
            "xAxis": {"type": "category", "data": ["6月", "7月", "8月", "9月", "10月", "11月"]},
            "yAxis": {"type": "value"},
            "series": [
                {"name": "家庭暴力", "type": "bar", "stack": "all", "data": [12, 15, 11, 18, 16, 21]},
                {"name": "婚姻家庭", "type": "bar", "stack": "all", "data": [22, 19, 25, 21, 27, 24]},
                {"name": "劳动权益", "type": "bar", "stack": "all", "data": [5, 8, 6, 9, 7, 6]},
            ],
        },
    }
    return render(request, "styleguide/page.html", context)


@login_required
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """What a panel that loads itself is answered with."""
    return render(request, "styleguide/_panel.html")


urlpatterns = [path("styleguide/", page, name="styleguide"), path("styleguide/panel/", panel, name="styleguide_panel")]
