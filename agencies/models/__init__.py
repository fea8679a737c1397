"""Who and where."""

from agencies.models.key import AgencyKey, KeyNonce
from agencies.models.notification import Notification
from agencies.models.office import Office, Room
from agencies.models.region import Region
from agencies.models.unit import Provider, Unit
from agencies.models.user import IdentityBinding, RoleGrant, User

__all__ = [
    "AgencyKey", "IdentityBinding", "KeyNonce", "Notification", "Office", "Provider", "Region", "RoleGrant", "Room", "Unit", "User",
]  # fmt: skip
