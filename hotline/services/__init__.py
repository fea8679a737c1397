"""All writes of the front door."""
