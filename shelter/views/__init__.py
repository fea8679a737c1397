"""Pages of the refuges."""

KEEPERS = ("keeper",)
MANAGERS = ("manager", "director")
READERS = (*KEEPERS, *MANAGERS)
