"""Study days in the zones that make trouble, and against a slow model that watches the clock go."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.days import day_begins, study_day, today

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
ZONES = [
    "UTC",
    "Africa/Casablanca",  # winter time in Ramadan
    "America/Asuncion",  # summer time began at midnight
    "America/Havana",
    "America/New_York",
    "America/St_Johns",  # changed at 00:01 until 2011
    "Antarctica/Casey",  # three hours at once
    "Antarctica/Troll",  # two hours at once
    "Asia/Beirut",
    "Asia/Kathmandu",  # +05:45
    "Australia/Lord_Howe",  # half an hour of summer time
    "Europe/Dublin",
    "Europe/Paris",
    "Pacific/Apia",  # no 30 December 2011
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # +14; no 31 December 1994
    "Pacific/Kwajalein",  # lived a day twice in 1969, skipped one in 1993
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
starts = st.integers(0, 23)
dates = st.dates(date(1970, 1, 2), date(2037, 12, 30))
TRANSITIONS = [
    date(1969, 9, 30), date(1993, 8, 21), date(1994, 12, 31), date(2010, 3, 5), date(2010, 11, 7),
    date(2011, 12, 30), date(2024, 3, 31), date(2024, 4, 7), date(2024, 10, 6), date(2024, 10, 27),
]  # fmt: skip
near_changes = st.builds(
    lambda day, offset: day + offset * DAY, st.sampled_from(TRANSITIONS), st.integers(-2, 2)
)
instants = st.builds(
    lambda day, minute: datetime.combine(day, time(), UTC) + timedelta(minutes=minute),
    dates | near_changes,
    st.integers(0, 24 * 60 - 1),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("UTC", "2026-03-02 03:59:59.999999", "2026-03-01"),
        ("UTC", "2026-03-02 04:00", "2026-03-02"),
        ("Pacific/Kiritimati", "2026-03-01 14:00", "2026-03-02"),
        ("Asia/Kathmandu", "2026-03-01 22:14", "2026-03-01"),
        ("Asia/Kathmandu", "2026-03-01 22:15", "2026-03-02"),
        # 23 hours: Paris goes from 02:00 to 03:00; 04:00 comes at 02:00 UTC instead of 03:00
        ("Europe/Paris", "2024-03-31 01:59", "2024-03-30"),
        ("Europe/Paris", "2024-03-31 02:00", "2024-03-31"),
        # 25 hours
        ("Europe/Paris", "2024-10-27 02:59", "2024-10-26"),
        ("Europe/Paris", "2024-10-27 03:00", "2024-10-27"),
        # Apia goes from 29 December 24:00 to 31 December 00:00: four hours are left of the 30th
        ("Pacific/Apia", "2011-12-30 09:59", "2011-12-29"),
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-30"),
        ("Pacific/Apia", "2011-12-30 13:59", "2011-12-30"),
        ("Pacific/Apia", "2011-12-30 14:00", "2011-12-31"),
    ],
)
def test_days_that_start_at_four(zone: str, now: str, day: str) -> None:
    assert study_day(utc(now), ZoneInfo(zone), 4) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("zone", "day", "day_start", "begins"),
    [
        ("Europe/Paris", "2024-03-31", 2, "2024-03-31 01:00"),  # 02:00 is skipped: the day begins at 03:00
        ("Europe/Paris", "2024-10-27", 2, "2024-10-27 00:00"),  # 02:00 comes twice: the first
        ("Australia/Lord_Howe", "2024-10-06", 2, "2024-10-05 15:30"),  # 02:00 becomes 02:30
        ("Asia/Beirut", "2024-03-31", 0, "2024-03-30 22:00"),  # midnight is skipped
        ("Pacific/Apia", "2011-12-30", 23, "2011-12-30 10:00"),  # the whole day is skipped
        ("Pacific/Apia", "2011-12-31", 0, "2011-12-30 10:00"),
    ],
)
def test_a_day_begins_when_the_wall_clock_first_reaches_or_skips_its_start(
    zone: str, day: str, day_start: int, begins: str
) -> None:
    assert day_begins(date.fromisoformat(day), ZoneInfo(zone), day_start) == utc(begins)


def test_a_day_skipped_by_its_zone_never_comes() -> None:
    apia = ZoneInfo("Pacific/Apia")
    begins = day_begins(date(2011, 12, 31), apia, 0)
    assert study_day(begins - INSTANT, apia, 0) == date(2011, 12, 29)
    assert study_day(begins, apia, 0) == date(2011, 12, 31)


def test_a_clock_put_back_over_the_day_start_does_not_bring_yesterday_back() -> None:
    st_johns = ZoneInfo("America/St_Johns")  # 00:01 became 23:01 of the day before
    change = utc("2010-11-07 02:31")
    assert change.astimezone(st_johns).date() == date(2010, 11, 6)
    assert study_day(change - INSTANT, st_johns, 0) == date(2010, 11, 7)
    assert study_day(change, st_johns, 0) == date(2010, 11, 7)


@given(dates | near_changes, zones, starts)
def test_a_day_holds_from_its_beginning_to_the_next(day: date, zone: ZoneInfo, day_start: int) -> None:
    begins, ends = (day_begins(each, zone, day_start) for each in (day, day + DAY))
    assert begins <= ends
    if begins < ends:
        assert study_day(begins, zone, day_start) == day
        assert study_day(ends - INSTANT, zone, day_start) == day


@settings(max_examples=60, deadline=None)
@given(instants, zones, starts)
def test_agrees_with_watching_the_clock(now: datetime, zone: ZoneInfo, day_start: int) -> None:
    """The study day is the latest that the wall clock has shown in the last two days and a half."""
    shown = (
        (now - timedelta(minutes=ago)).astimezone(zone).replace(tzinfo=None) - timedelta(hours=day_start)
        for ago in range(60 * 60)
    )
    assert study_day(now, zone, day_start) == max(shown).date()


@given(instants, zones, zones, starts)
def test_the_zone_in_which_now_is_written_does_not_matter(
    now: datetime, written: ZoneInfo, zone: ZoneInfo, day_start: int
) -> None:
    assert study_day(now.astimezone(written), zone, day_start) == study_day(now, zone, day_start)


def test_fixed_offsets_are_zones_too() -> None:
    zone = timezone(timedelta(hours=-9, minutes=-30))
    assert day_begins(date(2026, 1, 1), zone, 4) == utc("2026-01-01 13:30")
    assert study_day(utc("2026-01-01 13:29"), zone, 4) == date(2025, 12, 31)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        study_day(datetime(2026, 1, 1), ZoneInfo("UTC"), 4)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("last_logged", "expected"),
    [(None, "2026-03-02"), ("2026-03-01", "2026-03-02"), ("2026-03-03", "2026-03-03")],
)
def test_today_is_never_before_the_last_logged_day(last_logged: str | None, expected: str) -> None:
    logged = date.fromisoformat(last_logged) if last_logged else None
    assert today(utc("2026-03-02 12:00"), ZoneInfo("UTC"), 4, logged) == date.fromisoformat(expected)


def test_flying_west_over_the_date_line_stays_on_the_logged_day() -> None:
    now = utc("2026-03-02 12:00")
    in_auckland = today(now, ZoneInfo("Pacific/Auckland"), 4, None)
    assert in_auckland == date(2026, 3, 2)
    later = now + timedelta(hours=1)
    assert study_day(later, ZoneInfo("Pacific/Honolulu"), 4) == date(2026, 3, 1)
    assert today(later, ZoneInfo("Pacific/Honolulu"), 4, in_auckland) == in_auckland
