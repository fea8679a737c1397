"""A call that is running."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from hotline.models import Contact
from hotline.services.contact import contact_begin
from tests.world import World


@pytest.fixture
def as_user(world: World) -> Callable[[str], Client]:
    """`as_user("operator")`: a browser in which this person is logged in."""

    def login(name: str) -> Client:
        client = Client(headers={"accept-language": "zh-CN"})
        client.force_login(world.users[name], backend="agencies.backends.StaffBackend")
        return client

    return login


@pytest.fixture
def draft(world: World) -> Contact:
    """The operator's running call."""
    with world.acting("operator") as by:
        return contact_begin(by=by, office=world.offices["desk"])


@pytest.fixture
def console(draft: Contact) -> str:
    """The address of the running call."""
    return reverse("hotline:contact", args=[draft.pk])
