"""The product's settings against the servers of this test run.

pytest-django imports settings before any conftest, so this is the one place that every way of calling pytest passes through.
"""

from tests import environment

environment.enter()

from caremgmt.settings import *  # noqa: E402, F403
from caremgmt.settings import DATABASES  # noqa: E402

# A login of its own: it is the web role by default and may become each of the others (tests/roles.py).
DATABASES["default"].update(environment.test_login())

# Production takes care that guessing a password is slow; tests log in all the time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "agencies.passwords.FirstPasswordHasher"]
