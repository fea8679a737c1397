"""One human, one account; roles are held at a place."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin

from agencies.enums import AT_OFFICE, AT_REGION, AT_UNIT, Role
from agencies.models.office import Office
from agencies.models.region import Region
from agencies.models.unit import Unit
from agencies.passwords import FirstPasswordHasher, is_first
from core.blindindex import fingerprint
from core.crypto import key_ring
from core.pinyin import normalise
from core.protection import UID, Open, Rows


class NameFingerprintField(models.BinaryField):
    """The keyed hash of the account's name, written with every saving of the row: a party of a case with the same name is found by it."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        name = normalise(model_instance.name)
        value = fingerprint(key_ring().derive("blind"), "name", name) if len(name) > 1 else None
        setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager["User"]):
    """Accounts are made by administrators only; there are no superusers."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(GuardianUserMixin, AbstractBaseUser, PermissionsMixin):
    """A member of staff. `name` is shown in logs and letters."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("User name"), max_length=48, unique=True)
    name = models.CharField(_("Name"), max_length=32)
    name_fingerprint = NameFingerprintField(null=True, editable=False, max_length=20)
    is_active = models.BooleanField(default=True)
    email = ""
    last_login = None
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()
    protection = Rows(
        web="true",
        web_can="SELECT, UPDATE (password)",
        web_write=f"id = {UID}",
        verb="true",
        verb_can="SELECT",
        worker="true",
    )

    class Meta:
        ordering = ["username"]
        constraints = [models.CheckConstraint(name="no_superusers", condition=Q(is_superuser=False))]
        indexes = [models.Index(fields=["name_fingerprint"], name="user_namesakes")]

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Compare, and write nothing.

        Django would store a stronger hash here, while nobody is known yet; the web role writes a password for its owner alone,
        and nobody could log in after an upgrade of Django. A new hash comes with the next password.
        """
        return check_password(raw_password, self.password)

    def set_first_password(self, raw_password: str) -> None:
        """A password that lets its owner choose another one, and nothing else."""
        self.password = make_password(raw_password, hasher=FirstPasswordHasher.algorithm)

    @property
    def must_choose_password(self) -> bool:
        """Whether the password is still the one that an administrator gave."""
        return is_first(self.password)

    def get_full_name(self) -> str:
        """The person's name."""
        return self.name


class RoleGrant(models.Model):
    """A role held at one place, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="role_grants")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="role_grants")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="role_grants")
    is_designated = models.BooleanField(default=False)  # the agency's one designated member
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    protection = Open("who holds which office is staff directory; written by the owner's commands only")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_at_its_place",
                condition=Q(role__in=sorted(AT_OFFICE), office__isnull=False, unit__isnull=True, region__isnull=True)
                | Q(role__in=sorted(AT_UNIT), office__isnull=True, unit__isnull=False, region__isnull=True)
                | Q(role__in=sorted(AT_REGION), office__isnull=True, unit__isnull=True, region__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "office", "unit", "region"], name="role_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

    @property
    def place(self) -> Office | Unit | Region | None:
        """Where the role is held."""
        return self.office or self.unit or self.region


class IdentityBinding(models.Model):
    """Fingerprints of the verified ID number and phone of the human behind an account; nobody but the owner reads them."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    id_fingerprint = models.BinaryField(null=True)
    phone_fingerprint = models.BinaryField(null=True)

    protection = Rows(web=None, verb=None, worker=None)

    def __str__(self) -> str:
        return str(self.user_id)
