"""The study day: from one day-start hour on the learner's wall clock to the next. Pure."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo

ONE_DAY = timedelta(days=1)


def study_day(now: datetime, zone: tzinfo, day_start: int) -> date:
    """The study day at `now` (aware), days starting at the hour `day_start`; ValueError if `now` is naive."""
    day = (_wall(now, zone) - timedelta(hours=day_start)).date()
    # A clock put back across the day start shows yesterday's hours again; the day has begun all the same.
    return day + ONE_DAY if day_begins(day + ONE_DAY, zone, day_start) <= now else day


def day_begins(day: date, zone: tzinfo, day_start: int) -> datetime:
    """The instant (UTC) at which the wall clock first reaches that study day's start, or skips over it."""
    wall = datetime.combine(day, time(day_start), zone)
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    # The clock skips this hour: read with the offsets of before and after it lies after and before the skip.
    start = wall.replace(tzinfo=None)
    seconds = range((first - second) // timedelta(seconds=1))
    skipped = bisect_left(seconds, True, key=lambda s: _wall(second + timedelta(seconds=s), zone) >= start)
    return second + timedelta(seconds=skipped)


def today(now: datetime, zone: tzinfo, day_start: int, last_logged: date | None) -> date:
    """The study day to answer on: never before the last logged one, wherever learner or clock went."""
    day = study_day(now, zone, day_start)
    return day if last_logged is None else max(day, last_logged)


def _wall(now: datetime, zone: tzinfo) -> datetime:
    if now.tzinfo is None:
        raise ValueError("A study day needs a time with its zone; this one has none.")
    return now.astimezone(zone).replace(tzinfo=None)
