"""The actors, each an ordinary Mesa agent whose numbers are arrays over runs.

A subclass handed to ``CeasefireModel(actors={"russia": MyRussia})`` takes the place of the built-in actor.
"""

from sim.actors.belief import Belief
from sim.actors.belligerent import Belligerent
from sim.actors.europe import Europe, EuropeanState
from sim.actors.russia import Russia
from sim.actors.ukraine import Ukraine
from sim.actors.united_states import UnitedStates

__all__ = ["Belief", "Belligerent", "Europe", "EuropeanState", "Russia", "Ukraine", "UnitedStates"]
