"""Everything that can be done to the planted cases, in random order, for tests/permissions/test_scopes_agree.py.

A module of acts is registered by its line of import here.
"""

from tests.permissions.acts import cases as cases
from tests.permissions.acts import conferences as conferences
from tests.permissions.acts import grants as grants
from tests.permissions.acts import joint as joint
from tests.permissions.acts import letters as letters
from tests.permissions.acts import namesakes as namesakes
from tests.permissions.acts import roles as roles
from tests.permissions.acts import transfers as transfers
from tests.permissions.acts import walls as walls
