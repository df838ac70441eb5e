"""Every shared piece in every state, with an engine that betrays a variable nobody gave."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.models import User
from complaints.models import Complaint
from complaints.rows import ClockFace, clock_face
from complaints.states import Status
from sla.calendar import Allowance, DayRule, Unit, WorkingCalendar, deadline
from sla.targets import Target
from tests.conftest import PASSWORD, Cast

NOW = datetime(2026, 2, 26, 10, 24, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
MISSING = "(nobody gave %s)"


@pytest.fixture(autouse=True)
def strict(settings: Settings) -> None:
    """A variable that is not there is written out instead of left out."""
    engine, jinja = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "string_if_invalid": MISSING}}, jinja]


def drawn(name: str, context: Mapping[str, Any], language: str = "zh-hans") -> str:
    with translation.override(language):
        html = " ".join(render_to_string(f"components/{name}.html", dict(context)).split())
    assert "nobody gave" not in html, html
    return html


def face(due_in: timedelta, **more: Any) -> ClockFace:
    due_at = NOW + due_in
    more.setdefault("started_at", due_at - 24 * HOUR)
    return clock_face(due_at, Target.RESPONSE, Unit.HOURS, NOW, why_url="/why/", **more)


FACES = {
    "running": face(48 * HOUR, started_at=NOW),
    "soon": face(6 * HOUR),
    "overdue": face(-82 * HOUR),
    "provisional": face(48 * HOUR, provisional=True),
    "kept": face(-6 * HOUR, stopped_at=NOW - 8 * HOUR),
    "late": face(-6 * HOUR, stopped_at=NOW - 4 * HOUR, breached_at=NOW - 6 * HOUR),
    "paused": replace(face(6 * HOUR), state="paused", tone="violet", icon="player-pause", left="已中止 2 天"),
}


@pytest.mark.parametrize("state", FACES)
@pytest.mark.parametrize("form", ["line", "card"])
def test_a_clock_says_its_state_in_words_tone_and_icon(state: str, form: str) -> None:
    clock = FACES[state]
    with translation.override("zh-hans"):
        assert clock.state == state
    html = drawn("deadline", {"clock": clock, "form": form, "first": True})
    assert f'data-clock="{state}"' in html
    assert clock.left in html
    assert clock.due_words in html
    assert not clock.icon or f"#{clock.icon}" in html
    assert (clock.tone in html) if clock.tone else ("red" not in html and "amber" not in html)
    assert ("data-due-at" in html) == (state in {"running", "soon", "overdue", "provisional"})


def test_only_the_first_clock_shows_its_bar_and_a_moved_date_keeps_the_old_one() -> None:
    assert "sw-bar" in drawn("deadline", {"clock": FACES["soon"], "first": True})
    assert "sw-bar" not in drawn("deadline", {"clock": FACES["soon"]})
    moved = replace(FACES["running"], was="3月9日")
    assert "<s>原 3月9日</s>" in drawn("deadline", {"clock": moved})


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_word_and_an_icon_of_its_own(status: Status) -> None:
    html = drawn("status", {"status": status.value})
    with translation.override("zh-hans"):
        assert str(status.label) in html
    assert "icons.svg#circle&quot;" not in html
    assert 'icons.svg#circle"' not in html


@pytest.mark.parametrize("severity", Complaint.Severity)
def test_every_severity_has_its_own_flag(severity: Complaint.Severity) -> None:
    assert "#flag" in drawn("severity", {"severity": severity})
    flags = {drawn("severity", {"severity": one}).split("#")[1].split('"')[0] for one in Complaint.Severity}
    assert len(flags) == len(Complaint.Severity)


def test_the_day_strip_shows_the_five_kinds_of_day() -> None:
    days = {date(2026, 2, 14): DayRule(True, "调休上班")}
    days |= {date(2026, 2, day): DayRule(False, "春节") for day in range(15, 24)}
    calendar = WorkingCalendar("cn", 1, ZoneInfo("Asia/Shanghai"), days, frozenset({2026}))
    received = datetime(2026, 2, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    answer = deadline(received, Allowance(15, Unit.WORKING_DAYS), calendar)
    html = drawn("strip", {"days": answer.days, "label": "15 个工作日", "today": date(2026, 2, 26), "thin": True})
    for look in ('"start gone"', '"on gone"', '"on shift gone"', '" gone"', '"end"'):
        assert f"class={look}" in html
    assert 'title="3月10日 第 15 天"' in html  # with the 28th a rest day, the tenth
    assert "thin" not in drawn("strip", {"days": answer.days, "label": "15"})


def test_a_person_is_named_with_their_duty_and_the_reader_is_told_so() -> None:
    chen, li = User(pk=1, name="陈立"), User(pk=2, name="李敏")
    html = drawn("person", {"person": chen, "user": chen, "unit": "个人金融部", "duty": "承办人", "note": "第 15 天"})
    assert "陈立（您）" in html
    assert "个人金融部 · 第 15 天" in html
    assert "您" not in drawn("person", {"person": li, "user": chen})


class Sample(forms.Form):
    received = forms.CharField(label="收到时间", help_text="按客户说的时间")
    identity = forms.CharField(label="身份证号", required=False, widget=forms.TextInput(attrs={"class": "wide"}))
    kind = forms.ChoiceField(label="身份", choices=[("p", "个人"), ("f", "单位")], required=False)
    reason = forms.ChoiceField(label="原因", widget=forms.RadioSelect, choices=[("a", "回电"), ("b", "核对")])
    agreed = forms.BooleanField(label="客户确认无误", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = {"identity": "校验位对不上"}


def test_a_field_leads_with_its_label_and_help_describes_it() -> None:
    html = drawn("field", {"field": Sample()["received"]})
    assert "必填" in html
    assert 'aria-describedby="id_received_help"' in html
    assert 'id="id_received_help"' in html
    assert 'class="form-control"' in html


def test_an_error_takes_the_place_of_the_help() -> None:
    html = drawn("field", {"field": Sample({})["received"]})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_received_error"' in html
    assert 'id="id_received_error"' in html
    assert "按客户说的时间" not in html


def test_a_warning_does_not_make_a_field_invalid() -> None:
    html = drawn("field", {"field": Sample({"identity": "1"})["identity"]})
    assert 'aria-describedby="id_identity_warning"' in html
    assert 'class="wide form-control"' in html
    assert "amber" in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kind", 'class="form-select"'),
        ("reason", '<input class="btn-check" type="radio" name="reason" value="b" id="id_reason_1" checked required>'),
        ("agreed", 'class="form-check-input"'),
        ("version", 'type="hidden"'),
    ],
)
def test_every_kind_of_widget_has_its_form(name: str, expected: str) -> None:
    assert expected in drawn("field", {"field": Sample({"reason": "b"})[name]})


def test_a_field_takes_a_prefix_a_placeholder_and_a_shortcut() -> None:
    field = Sample()["received"]
    more = {"prefix": "¥", "class": "num", "placeholder": "0.00", "label": "金额"}
    html = drawn("field", {"field": field, **more})
    assert '<span class="input-group-text">¥</span>' in html
    assert 'class="num form-control"' in html
    assert 'placeholder="0.00"' in html
    assert ">金额" in html
    assert 'data-key="alt+y"' in drawn("field", {"field": Sample()["agreed"], "key": "alt+y"})


def test_a_placeholder_that_only_repeats_the_label_is_left_out() -> None:
    form = Sample()
    form.fields["received"].widget.attrs["placeholder"] = "收到时间"
    assert "placeholder" not in drawn("field", {"field": form["received"]})


def test_the_error_summary_links_to_each_field_and_takes_the_focus() -> None:
    form = Sample({})
    form.add_error(None, "整件事有问题")
    html = drawn("errors", {"form": form})
    assert '<a href="#id_received">收到时间</a>：' in html
    assert "<li>整件事有问题</li>" in html
    assert "data-focus" in html
    assert "有 3 处" in html
    assert drawn("errors", {"form": Sample()}) == ""


def test_several_errors_of_one_field_are_one_line_so_that_the_number_is_that_of_the_lines() -> None:
    form = Sample({"reason": "a"})
    form.add_error("received", "太短")
    form.add_error("received", "太常见")
    form.add_error("identity", "不对")
    html = drawn("errors", {"form": form})
    assert html.count("<li>") == 2
    assert "有 2 处" in html
    assert "太短 太常见" in html


PLAIN: list[tuple[str, dict[str, Any], str]] = [
    ("empty", {"title": "没有逾期的投诉", "smile": True}, "mood-check"),
    ("empty", {"title": "没有", "text": "因为", "url": "/", "action": "看看"}, '<a href="/">看看</a>'),
    ("toast", {"text": "已登记"}, "data-toast"),
    ("toast", {"text": "已登记", "url": "/p", "action": "打印"}, ">打印</a>"),
    ("_toasts", {"messages": []}, ""),
    ("pager", {}, "翻页"),
    ("pager", {"newer": "?n=1", "older": "?o=1", "text": "25 件"}, 'rel="next" href="?o=1"'),
    ("callout", {"text": "内容"}, "sw-callout"),
    ("callout", {"text": "内容", "title": "题", "tone": "red", "role": "alert", "icon_name": "lock"}, 'role="alert"'),
    ("callout", {"text": "内容", "tone": "ink", "url": "/", "action": "看"}, "#info-circle"),
    ("confirm", {"title": "结案", "url": "/c", "action": "结案并通知客户"}, "再看看"),
    (
        "confirm",
        {
            "title": "显示",
            "text": "60 秒",
            "facts": [("补偿", "无")],
            "url": "/c",
            "action": "显示",
            "safe": "取消",
            "busy": "正在显示…",
            "danger": True,
            "form": Sample(),
        },
        'data-busy="正在显示…"',
    ),
    ("stale", {"change": SimpleNamespace(person="孙倩", at=NOW, what="", fields=[], url="")}, "孙倩在"),
    (
        "stale",
        {
            "change": SimpleNamespace(
                person="孙倩",
                at=NOW,
                what="改了金额。",
                url="/h",
                fields=[SimpleNamespace(label="金额", yours="5", theirs="3")],
            )
        },
        "<s>5</s> → <b>3</b>",
    ),
    ("_heartbeat", {"sweep": SimpleNamespace(ok=True, at=NOW), "now": NOW}, "计时正常"),
    ("_heartbeat", {"sweep": SimpleNamespace(ok=False, at=NOW - 4 * HOUR / 60), "now": NOW}, "计时检查已停 4 分。"),
    ("_heartbeat", {"sweep": SimpleNamespace(ok=False, at=None), "now": NOW}, "还没有运行过"),
]


@pytest.mark.parametrize(("name", "context", "expected"), PLAIN)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_piece_draws_with_what_its_comment_names(
    name: str, context: dict[str, Any], expected: str, language: str
) -> None:
    html = drawn(name, context, language)
    assert language == "en" or expected in html


@pytest.mark.parametrize("address", ["/accounts/password/change/", "/accounts/sessions/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["fiona", "adam"])
def test_the_shell_draws_around_the_pages_about_oneself(
    cast: Cast, as_: Callable[[str], Client], address: str, language: str, who: str
) -> None:
    cast.people[who].set_password(PASSWORD)
    cast.people[who].save()
    page = as_(who).get(address, headers={"accept-language": language}).content.decode()
    assert "nobody gave" not in page
    assert page.count("<h1") == 1
    assert 'href="#main"' in page
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in page


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/login/?idle=1", "/accounts/password/reset/"])
@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_the_pages_before_sign_in_need_no_shell(db: None, address: str, theme: str) -> None:
    client = Client()
    client.cookies["theme"] = theme
    page = client.get(address).content.decode()
    assert "nobody gave" not in page
    assert f'data-theme="{theme}"' in page
    assert f'data-bs-theme="{"dark" if theme == "dark" else "light"}"' in page


def test_a_wrong_password_says_how_many_tries_are_left_and_then_locks(cast: Cast) -> None:
    client = Client()
    wrong = {"login": "fiona", "password": "not it"}
    first = client.post("/accounts/login/", wrong).content.decode()
    assert "再错 4 次" in first
    for _try in range(3):
        client.post("/accounts/login/", wrong)
    locked = client.post("/accounts/login/", wrong)
    assert locked.status_code == 429
    assert "15 分自动解锁" in locked.content.decode()


def test_the_password_is_asked_once_more_before_what_reaches_far(rf: RequestFactory) -> None:
    form = forms.Form()
    form.fields["password"] = forms.CharField(label="密码", widget=forms.PasswordInput)
    page = render_to_string("account/reauthenticate.html", {"form": form, "redirect_field": ""}, rf.get("/"))
    assert "nobody gave" not in page
    assert 'type="password"' in page


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "errors/503"])
def test_error_pages_need_no_context_at_all(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert "nobody gave" not in page
    assert page.count("<h1") == 1
