"""How many numbers of a kind a region has given out in a year."""

from __future__ import annotations

from django.db import models

from core.protection import Rows


class Counter(models.Model):
    """The last ordinal of one scope (kind of paper, region, year). Read and raised only by `caremgmt_next`."""

    scope = models.CharField(max_length=96, primary_key=True)
    last = models.IntegerField(default=0)

    protection = Rows(web=None, verb=None, worker=None)

    def __str__(self) -> str:
        return self.scope
