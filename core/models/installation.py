"""What this database is, which keys verify identities, and how far its clock is turned."""

from __future__ import annotations

from django.db import models

from core.protection import Open, Rows


class Installation(models.Model):
    """Born demo or real, once."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=4, choices=[("demo", "demo"), ("real", "real")])
    born_at = models.DateTimeField(auto_now_add=True)
    demo_loaded_at = models.DateTimeField(null=True)
    seed = models.BigIntegerField(null=True)

    protection = Open("one row that says demo or real; every page shows it")

    class Meta:
        constraints = [models.CheckConstraint(name="installation_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.kind


class IdentityKey(models.Model):
    """HMAC blocks with which the database verifies identities; nobody but the owner reads them."""

    key_id = models.CharField(max_length=16, primary_key=True)
    inner_pad = models.BinaryField()
    outer_pad = models.BinaryField()

    protection = Rows(web=None, verb=None, worker=None)

    def __str__(self) -> str:
        return self.key_id


class ClockOffset(models.Model):
    """Seconds by which a demo's or a test's clock is turned."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    protection = Open("one number, read before an identity can be bound; a trigger refuses it in a real installation")

    class Meta:
        constraints = [models.CheckConstraint(name="clockoffset_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.seconds)
