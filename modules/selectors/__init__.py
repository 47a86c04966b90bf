"""Reads: one function per page or figure. Here, the door of the apps above."""

from modules.selectors.cycles import PerimeterFacts, perimeter_facts


__all__ = ["PerimeterFacts", "perimeter_facts"]
