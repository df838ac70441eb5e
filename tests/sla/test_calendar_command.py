"""`manage.py calendar`: listing, importing a year's notice, seeding a year; and what each refuses."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import translation

from accounts.models import User
from sla.calendar import Allowance, DayRule, Unit, WorkingCalendar, due
from sla.models import CalendarVersion
from sla.publication import publish
from tests.sla.notices import CHINA, DAYS_OFF, MAKE_UP_DAYS

HEADER = "date,works,name,source\n"
NOTICE_2027 = HEADER + (
    "2027-01-01,0,元旦,国办发明电〔2026〕9号\n"
    "2027/2/5,FALSE,除夕,国办发明电〔2026〕9号\n"
    "2027-02-20,true,调休上班,国办发明电〔2026〕9号\n"
    "2027-03-01,1,,国办发明电〔2026〕9号\n"
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """An empty path to write a notice to."""
    return tmp_path / "notice.csv"


def run(*words: object) -> str:
    out = io.StringIO()
    with translation.override("en"):
        call_command("calendar", *map(str, words), stdout=out)
    return out.getvalue()


def run_json(*words: object) -> dict[str, Any]:
    answer = json.loads(run(*words, "--json"))
    assert isinstance(answer, dict)
    return answer


def refusal(notice: Path, content: str | bytes) -> str:
    """Give the refusal of a file, having seen that it published nothing."""
    notice.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(CommandError) as caught:
        run("import", notice)
    assert versions().count() == 1
    return str(caught.value)


def versions() -> QuerySet[CalendarVersion]:
    return CalendarVersion.objects.filter(calendar__code="cn").order_by("number")


def in_force() -> WorkingCalendar:
    return CalendarVersion.objects.latest_for("cn").value()


def test_the_calendar_that_ships_is_the_notices_of_2024_to_2026() -> None:
    shipped = in_force()
    assert (shipped.code, shipped.version, shipped.zone, shipped.years) == ("cn", 1, CHINA.zone, CHINA.years)
    assert {day: rule.works for day, rule in shipped.days.items()} == dict.fromkeys(DAYS_OFF, False) | dict.fromkeys(
        MAKE_UP_DAYS, True
    )


def test_list_tells_versions_and_what_is_in_them() -> None:
    calendar, *_others = run_json("list")["calendars"]
    (version,) = calendar["versions"]
    assert (calendar["code"], version["version"], version["years"]) == ("cn", 1, [2024, 2025, 2026])
    assert (version["days_off"], version["make_up_days"]) == (len(DAYS_OFF), len(MAKE_UP_DAYS))
    assert "version 1: 91 days off, 19 make-up days  Mon to Fri 09:00-12:00,13:30-17:30  [2024, 2025, 2026]" in run(
        "list"
    )


def test_import_makes_the_next_version_and_announces_its_year(notice: Path) -> None:
    notice.write_text(NOTICE_2027)
    before = in_force()
    answer = run_json("import", notice)
    assert answer == {
        "calendar": "cn",
        "version": 2,
        "new": True,
        "years": [2024, 2025, 2026, 2027],
        "added": 4,
        "changed": 0,
        "removed": 0,
    }
    after = in_force()
    assert {day: rule for day, rule in after.days.items() if day.year < 2027} == before.days
    assert not after.works(date(2027, 2, 5))
    assert after.works(date(2027, 2, 20))


def test_an_imported_year_is_no_longer_provisional(notice: Path) -> None:
    received_at, limit = datetime(2026, 12, 31, 2, tzinfo=UTC), Allowance(1, Unit.WORKING_DAYS)
    assert due(received_at, limit, in_force())[1:] == (date(2027, 1, 1), True)
    notice.write_text(NOTICE_2027)
    run("import", notice)
    assert due(received_at, limit, in_force())[1:] == (date(2027, 1, 4), False)


def test_import_replaces_the_years_it_names_and_no_other(notice: Path) -> None:
    notice.write_text(HEADER + "2026-01-01,0,元旦,更正\n2026-05-01,0,五一,更正\n")
    answer = run_json("import", notice)
    assert (answer["added"], answer["changed"], answer["removed"]) == (0, 1, 37)
    after = in_force()
    assert sorted(day for day in after.days if day.year == 2026) == [date(2026, 1, 1), date(2026, 5, 1)]
    assert sum(day.year == 2025 for day in after.days) == 33


def test_the_version_before_stays_as_it_was(notice: Path) -> None:
    notice.write_text(HEADER + "2026-01-01,0,元旦,更正\n")
    run("import", notice)
    old, new = versions()
    assert old.days.count() == len(DAYS_OFF) + len(MAKE_UP_DAYS)
    assert new.source == "更正"
    assert old.by == new.by == User.objects.system()


def test_a_version_names_who_published_it(db: None) -> None:
    adam = User.objects.create(username="adam", password="!")
    notice = {date(2027, 1, 1): DayRule(False, "元旦")}
    assert publish("cn", notice, source="通知", actor=adam).version.by == adam


def test_the_same_file_again_publishes_nothing(notice: Path) -> None:
    notice.write_text(NOTICE_2027)
    run("import", notice)
    answer = run_json("import", notice)
    assert (answer["version"], answer["new"]) == (2, False)
    assert "version 2 says the same" in run("import", notice)
    assert versions().count() == 2


def test_a_file_as_a_spreadsheet_saves_it_is_read(notice: Path) -> None:
    rows = ["Source, Name ,works,date", "通知,元旦,FALSE,2027/1/1", ",,,", '"通知",调休上班,TRUE,2027/1/2', "", ",,,"]
    notice.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    assert run_json("import", notice)["added"] == 2
    assert in_force().name(date(2027, 1, 1)) == "元旦"
    assert in_force().works(date(2027, 1, 2))


def test_an_unknown_calendar_is_refused(notice: Path) -> None:
    notice.write_text(NOTICE_2027)
    with pytest.raises(CommandError, match="no calendar “mars”"):
        run("import", notice, "--calendar", "mars")


def test_every_fault_of_a_file_is_named_with_its_line(notice: Path) -> None:
    told = refusal(
        notice,
        HEADER
        + "2027-02-30,0,春节,通知\n"  # line 2: no such day
        + "2027-01-01,maybe,元旦,\n"  # line 3: two faults
        + "2027-05-01,0,劳动节,通知\n"
        + "2027-05-01,1,劳动节,通知\n"  # line 5: again
        + "0206-05-01,0,劳动节,通知\n"  # line 6: a slip of the finger must not announce the year 206
        + f"2027-10-01,0,{'长' * 101},通知\n",  # line 7
    )
    assert [line.split(":")[0] for line in told.splitlines()[1:]] == [f"Line {n}" for n in (2, 3, 3, 5, 6, 7)]
    assert "2027-05-01 is on line 4 already" in told
    assert "not a date like 2027-01-01" in told
    assert "0, 1, true or false, not “maybe”" in told
    assert "the source is missing" in told


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("", "no days"),
        (HEADER, "no days"),
        ("2027-01-01,0,元旦,通知\n", "must name the columns: date,works,name,source"),
        ("date,works,name\n2027-01-01,0,元旦\n", "must name the columns"),
        (HEADER + "2027-01-01,0,元旦\n", "Line 2 has 3 columns, not 4"),
        (HEADER + '2027-01-01,0,"元旦,通知\n', "Line 2 is not CSV"),
        (HEADER.encode() + "2027-01-01,0,元旦,通知\n".encode("gbk"), "Line 2 is not UTF-8"),
        (HEADER + f"2027-01-01,0,元旦,{'号' * 301}\n", "longer than 300 characters"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_advice(notice: Path, content: str | bytes, advice: str) -> None:
    assert advice in refusal(notice, content)


def test_a_hundred_faults_are_counted_not_all_told(notice: Path) -> None:
    told = refusal(notice, HEADER + "tomorrow,0,元旦,通知\n" * 100)
    assert len(told.splitlines()) == 22
    assert told.endswith("And 80 more.")


@pytest.mark.parametrize("row", ["2026-12-26,1,调休上班", "2026-12-26,0,元旦放假"])
def test_part_of_a_notice_does_not_wipe_out_an_announced_year(notice: Path, row: str) -> None:
    assert "2026 is announced already" in refusal(notice, f"{NOTICE_2027}{row},国办发明电〔2026〕9号\n")


def test_days_that_are_known_already_are_announced_all_the_same(notice: Path) -> None:
    calendar = versions().get().calendar
    early = CalendarVersion.objects.create(
        calendar=calendar, number=2, source="提前录入", years=[2026], weekdays=[1, 2, 3, 4, 5], by=User.objects.system()
    )
    early.days.create(date=date(2027, 1, 1), works=False, name="元旦")
    notice.write_text(HEADER + "2027-01-01,0,元旦,通知\n")
    answer = run_json("import", notice)
    assert (answer["version"], answer["new"], answer["years"]) == (3, True, [2026, 2027])


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("import", tmp_path / name)


@pytest.mark.parametrize("year", [2027, 2028, 1999, 9999])
def test_seeding_a_year_nobody_has_announced_is_refused_and_explained(year: int) -> None:
    with pytest.raises(CommandError, match=rf"no State Council notice for {year}.*no make-up days"):
        run("seed", year)
    assert versions().count() == 1


def test_seeding_an_announced_year_adds_it() -> None:
    answer = run_json("seed", 2023)
    assert (answer["version"], answer["years"]) == (2, [2023, 2024, 2025, 2026])
    assert in_force().works(date(2023, 1, 28))
    assert not in_force().works(date(2023, 1, 27))


def test_seeding_a_year_that_is_there_changes_nothing() -> None:
    assert run_json("seed", 2026)["new"] is False


def test_seeding_never_overrules_what_was_imported(notice: Path) -> None:
    notice.write_text(HEADER + "2026-01-01,0,元旦,更正\n")
    run("import", notice)
    with pytest.raises(CommandError, match="2026 is announced already, with other days"):
        run("seed", 2026)
    assert versions().count() == 2
