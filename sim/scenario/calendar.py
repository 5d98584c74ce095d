"""The clock: one step is one week, and week 0 is the week of Monday 19 May 2025.

Files and people speak in dates; the model speaks in weeks. This is the only place that translates.
"""

from __future__ import annotations

from datetime import date, timedelta

#: First day of week 0, the day of the telephone call in the article.
START = date(2025, 5, 19)

#: The date by which the article asks whether there will be a ceasefire.
DEADLINE = date(2025, 12, 31)

#: The day on which a scenario ends unless it says otherwise; 104 weeks are simulated before it.
HORIZON = date(2027, 5, 17)

#: A ceasefire counts once it has held this many weeks, the first whole number of weeks not under 30 days. One that
#: begins in the last weeks before the horizon can therefore not be told from a short truce.
HOLDING_WEEKS = 5

#: Longest scenario, in weeks.
MAXIMUM_WEEKS = 1000


def week_of(day: date) -> int:
    """Return the week that a day falls in, counted from `START`.

    Parameters
    ----------
    day
        Any day; days before `START` give negative weeks.

    Returns
    -------
    int
        Whole weeks since `START`.

    Examples
    --------
    >>> week_of(date(2025, 12, 31))
    32
    """
    return (day - START).days // 7


def date_of(week: int) -> date:
    """Return the Monday with which a week begins.

    Parameters
    ----------
    week
        Whole weeks since `START`.

    Returns
    -------
    date
        First day of that week.

    Examples
    --------
    >>> date_of(104).isoformat()
    '2027-05-17'
    """
    return START + timedelta(weeks=week)


#: Weeks in which the economic sanctions of the European Union run out unless all member states prolong them: they are
#: renewed every half year, to 31 January and 31 July (Council Decision 2014/512/CFSP and its prolongations).
RENEWALS = frozenset(
    week_of(date(year, month, 31)) for year in range(START.year, date_of(MAXIMUM_WEEKS).year + 1) for month in (1, 7)
)
