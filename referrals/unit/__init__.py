"""A unit looks at its own work: who of it has how much in hand, and its own figures."""
