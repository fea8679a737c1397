"""Forms of the heart: they check shape; rules are the services'."""
