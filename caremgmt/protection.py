"""The protection of tables that libraries bring, and of the migrations themselves."""

from __future__ import annotations

from core.protection import Open, Protection, Rows

NOBODY = Rows(web=None, verb=None, worker=None)

THIRD_PARTY: dict[str, Protection] = {
    "django_migrations": Open("names of migrations; the owner's", web_can="", worker_can="", verb_can=""),
    "django_content_type": Open("names of models"),
    "auth_permission": Open("names of permissions"),
    "auth_group": Open("names of groups: one for each office and unit of the directory"),
    "auth_group_permissions": Open("no group has permissions on whole tables", web_can="SELECT"),
    "agencies_user_groups": Open("which user belongs to which unit: staff directory"),
    "agencies_user_user_permissions": Open("no user has permissions on whole tables"),
    "django_session": Open(
        "read before an identity can exist; keys are hashes and rows are bound to them (core/sessions.py); holds a user id, nothing of a case",
        web_can="SELECT, INSERT, UPDATE, DELETE",
        worker_can="",
        verb_can="",
    ),
    "account_emailaddress": Open(
        "the login library's table, empty: accounts have no e-mail",
        web_can="SELECT, INSERT, UPDATE, DELETE",
        worker_can="",
        verb_can="",
    ),
    "account_emailconfirmation": Open(
        "the login library's table, empty: accounts have no e-mail",
        web_can="SELECT, INSERT, UPDATE, DELETE",
        worker_can="",
        verb_can="",
    ),
    "mfa_authenticator": Open(
        "read between password and second factor, before an identity exists; secrets are sealed by the adapter, a trigger keeps each to its owner",
        web_can="SELECT, INSERT, UPDATE, DELETE",
        worker_can="",
        verb_can="",
    ),
    # guardian's generic tables are not used: grants live in direct tables with their own policies
    "guardian_userobjectpermission": NOBODY,
    "guardian_groupobjectpermission": NOBODY,
}
