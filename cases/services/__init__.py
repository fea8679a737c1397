"""All writes of the heart. Keyword-only, typed, each a verb that returns its object."""
