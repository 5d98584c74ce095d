"""Outcomes of the summary as a title says them."""

from __future__ import annotations

OUTCOME_TITLES: dict[str, str] = {
    "ceasefire_by_deadline": "Ceasefire of at least 30 days begun by the deadline",
    "ceasefire_by_horizon": "Ceasefire of at least 30 days begun by the horizon",
    "settlement_at_horizon": "Ceasefire in force at the horizon",
    "short_truce_by_deadline": "Short truce by the deadline",
    "us_disengaged_by_deadline": "Washington moved on by the deadline",
    "pressed_russia_by_deadline": "Washington pressed Russia by the deadline",
    "pressed_ukraine_by_deadline": "Washington pressed Ukraine by the deadline",
    "full_control_by_horizon": "Russia holds the four oblasts by the horizon",
    "territory_lost_km2": "Land lost in war up to the horizon",
    "territory_conceded_km2": "Land conceded at the table",
    "median_weeks_to_ceasefire": "Median time to a ceasefire of at least 30 days",
}


def outcome_title(outcome: str) -> str:
    """Return an outcome as a title says it; one that is not known, by its name.

    Examples
    --------
    >>> outcome_title("territory_conceded_km2"), outcome_title("something_else")
    ('Land conceded at the table', 'Something else')
    """
    return OUTCOME_TITLES.get(outcome, outcome.replace("_", " ").capitalize())
