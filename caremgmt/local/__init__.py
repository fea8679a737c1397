"""Real servers and processes for one machine: evaluation, development, tests.

PostgreSQL 18 and Valkey come from wheels, so nothing has to be installed by hand. Of all this, production uses only `prepare`.
"""
