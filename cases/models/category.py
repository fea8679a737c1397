"""The two-level classification (data/categories.csv)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language

from core.protection import Open


class Category(models.Model):
    """A kind of matter; retired codes stay readable. It routes: it proposes agencies and the protocol."""

    code = models.CharField(max_length=3, primary_key=True)
    zh = models.CharField(max_length=48)
    en = models.CharField(max_length=64)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    proposes = models.JSONField(default=list)  # unit kinds, most fitting first
    is_violence = models.BooleanField(default=False)  # named liaison, no shared inbox by content
    concerns_minor = models.BooleanField(default=False)
    retired_on = models.DateField(null=True)

    protection = Open("the public classification")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the screen's language."""
        return self.en if (get_language() or "").startswith("en") else self.zh
