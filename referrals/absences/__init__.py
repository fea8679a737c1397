"""Absences (请假代班): who is away from a unit, who stands in, and what moves by the clock."""
