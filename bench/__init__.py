"""Times at the size of a province: how the data is made, what is measured, and against which floor (docs/scale.md)."""
