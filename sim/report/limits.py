"""The limits: what the model can say and what it cannot, and what its results hang on.

The numbers are those of `docs/evidence.md`, measured there with the baseline that comes with Truce; a test holds the
two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.parameters import PARAMETERS
from sim.report.document import Bullets, Cell, Paragraph, Section, Table

if TYPE_CHECKING:
    from sim.experiment import Comparison, Sweep

CAN = (
    "It can say how often a ceasefire comes, when, on which terms and for how long in one scenario beside another, "
    "and which side blocks where there is none: if the assumptions hold.",
    "It can show which assumptions such a difference hangs on, since each of them can be changed and the runs "
    "repeated on the same luck.",
)  # fmt: skip

CANNOT = (
    "It cannot forecast the war. Its shares are not chances in the world; they are not to be quoted without their "
    "assumptions, nor as news, and a single run is no story of what will happen.",
    "It cannot say what would be just, lawful or wise, and gives no advice to anyone in the war. That a deal becomes "
    "more frequent in the model under pressure on one side says nothing for pressing it; the same runs show what "
    "that costs in land and in the life of the peace.",
    "It knows nothing that became known only after 19 May 2025.",
)

LEFT_OUT = (
    "Nobody bluffs, and nobody learns from an offer or a refusal; only the battlefield teaches.",
    "Domestic politics is in it as a few numbers only. Left out are the fronts outside the four claimed oblasts, the "
    "war at sea and in the air, nuclear risk, prisoners and children, China and other mediators, and the economy in "
    "any detail.",
    "Losses, where they are told, are claims of one party to the war, scaled by weeks; they cannot be checked.",
)

WORDS = (
    "A short truce lasts days: a holiday, an exchange of prisoners. A ceasefire is general and signed, and has held "
    "for at least 30 days. A settlement is a ceasefire that is in force when the runs end. They are counted apart."
)

HANGS_ON = (
    "Results rest on judgement more than on data. In 20,000 runs of the baseline that comes with Truce (hardball), "
    "8.9 % have a ceasefire by 31 December 2025; the table shows what becomes of that if one assumption is changed. "
    "Seven in ten of the signatures by that date come in weeks in which no terms on the table are worth more to both "
    "sides than fighting on: sides answer with some noise, and more rounds of talks alone bring more signatures. A "
    "share near one in ten is therefore a statement about rare events, and differences between scenarios are what to "
    "read."
)

#: What is changed in the baseline, runs with a ceasefire by 31 December 2025 in percent, and the parameter it is about.
CHANGED = (
    ("Russia is half sure of full control by the end of 2025, instead of about three quarters", 53.7,
     "russia.confidence"),
    ("a year of war costs Russia 0.12 of its aims instead of about 0.07", 25.3, "russia.war_cost"),
    ("both sides' answers to a draft are half as sharp", 19.4, "table.precision"),
    ("twice as many rounds of talks while Washington is engaged", 13.1, "table.round_engaged"),
    ("nothing", 8.9, ""),
    ("European relief of sanctions takes the consent of all states", 6.7, "europe.relief_quorum"),
    ("answers are exact", 4.2, "table.precision"),
    ("what signing costs at home is paid at once, however short the peace", 3.2, "russia.audience_cost"),
    ("all parameters are held at their central values", 1.4, ""),
    ("Washington grants no relief of sanctions", 0.5, "united_states.sanctions_relief"),
)  # fmt: skip

BESIDE = (
    "The same baseline beside what others expected in May 2025. No number was fitted to these, but two rules were "
    "changed after a first comparison with them, and both moved the result towards them: it is no independent test. "
    "The three things that are counted are not one."
)

#: What is counted, by whom, and its chance by 31 December 2025.
EXPECTED = (
    ("Truce, hardball", "a ceasefire that holds at least 30 days", "8.9 %"),
    ("Truce, hardball", "a signature under a general ceasefire, however long it holds", "10.6 %"),
    ("Truce, hardball", "a short truce of days, declared by Russia", "93 %"),
    ("base rates", "a war between states as old as this one ends within 7.4 months, by whatever end", "10 to 25 %"),
    ("forecasters, 8 May 2025", "a bilateral ceasefire or peace agreement is in effect, of any length",
     "28 % (RAND), 40 % (Glimt), 53 % (Metaculus)"),
    ("forecasters, 8 May 2025", "the same, times their own chance that it lasts 30 days",
     "11.8 % (RAND), 12.4 % (Glimt), 35.5 % (Metaculus)"),
    ("a market, 19 May 2025", "any mutual suspension of fighting in 2025", "50.5 % (Polymarket)"),
)  # fmt: skip


def limits(results: Comparison | Sweep) -> Section:
    """Tell what the results can carry and what not.

    Examples
    --------
    >>> import sim
    >>> limits(sim.compare("hardball", runs=8)).heading
    'Limits'
    """
    changed = Table(
        "one_assumption_changed", "The baseline that comes with Truce, with one assumption changed",
        ("Changed", "Runs with a ceasefire by 31 December 2025, %", "Parameter", "Its grade"),
        tuple(
            (Cell(what), Cell(f"{share:.1f}", share), Cell(name), Cell(PARAMETERS[name].grade if name else ""))
            for what, share, name in CHANGED
        ),
        "Measured once for this version of Truce, with 20,000 runs each; not of the runs of this report.",
    )  # fmt: skip
    expected = Table(
        "others_expected", "What was expected in May 2025, by 31 December 2025",
        ("By whom", "What is counted", "Chance"),
        tuple(tuple(map(Cell, row)) for row in EXPECTED),
        "Published forecasts and base rates; those of Truce are of its baseline, not of the runs of this report.",
    )  # fmt: skip
    return Section(
        "limits", "Limits",
        (
            Paragraph("What the model can support is a difference between scenarios under stated assumptions."),
            Bullets((*CAN, *CANNOT)), Paragraph(WORDS), Paragraph("What it leaves out:"), Bullets(LEFT_OUT),
            Paragraph(HANGS_ON), changed, Paragraph(BESIDE), expected,
        ),
    )  # fmt: skip
