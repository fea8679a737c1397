"""Risk screenings as data: items, weights, alarms, bands; one pure function says the result."""

from cases.instruments.engine import Answer, Instrument, Item, Outcome, screen
from cases.instruments.shipped import INSTRUMENTS, proposed

__all__ = ["INSTRUMENTS", "Answer", "Instrument", "Item", "Outcome", "proposed", "screen"]
