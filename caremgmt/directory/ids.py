"""Ids that are the same in every installation and every run: derived from stable names, never drawn by chance."""

from __future__ import annotations

import uuid

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "directory.caremgmt")


def stable_id(*parts: str) -> uuid.UUID:
    """The id of the thing that is named by these parts."""
    return uuid.uuid5(NAMESPACE, "/".join(parts))


def centre_id(county: str) -> uuid.UUID:
    """The care centre of a county (six digits)."""
    return stable_id("centre", county)


def desk_id(region: str) -> uuid.UUID:
    """The 12338 desk of a province, prefecture or county."""
    return stable_id("desk", region)


def unit_id(region: str, key: str) -> uuid.UUID:
    """The unit `key` (a kind, numbered where there are several: "station-1") of a region."""
    return stable_id("unit", region, key)


def user_id(username: str) -> uuid.UUID:
    """The account of this user name."""
    return stable_id("user", username)
