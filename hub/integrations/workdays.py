"""Working days of China, with the official holidays and the weekends that are worked instead.

The office of the State Council says in November how the next year will be; for a year that the
package ``chinesecalendar`` does not know yet, Monday to Friday count.
"""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

KNOWN_YEARS = frozenset(day.year for day in holidays)
DAY = timedelta(days=1)


def is_known(day: date) -> bool:
    """Whether the official calendar of that year is known."""
    return day.year in KNOWN_YEARS


def is_working_day(day: date) -> bool:
    if not is_known(day):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def add_working_days(day: date, number: int) -> date:
    """The ``number``-th working day after ``day``, which itself does not count."""
    while number:
        day += DAY
        number -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after ``first``, up to ``last`` included; 0 if it is not later."""
    days = (last - first).days
    return sum(is_working_day(first + DAY * number) for number in range(1, days + 1))
