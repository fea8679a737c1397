"""Accounts: made by administrators, no sign-up, no e-mail; logins and failures are in the access log; second-factor secrets are sealed."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from core import access
from core.crypto.keyring import key_ring
from core.identity import identity_of

_CONTEXT = b"caremgmt second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; a new password touches the password column alone (the web role may write no other)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: Any = None) -> str:
        if user is not None and user.must_choose_password and user.check_password(password):
            raise ValidationError(_("Choose another one than the password that you were given."), code="given_password")
        super().clean_password(password, user)
        return password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        access.note(access.Action.LOGIN, by=identity_of(user))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        access.note(access.Action.LOGIN_FAILED)

    def logout(self, request: HttpRequest) -> None:
        access.note(access.Action.LOGOUT)
        super().logout(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds lie sealed in the table."""

    def _cipher(self) -> AESGCM:
        return AESGCM(key_ring().derive("mfa"))

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(12)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, text.encode(), _CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        blob = base64.b64decode(encrypted_text)
        return self._cipher().decrypt(blob[:12], blob[12:], _CONTEXT).decode()
