"""The page about oneself."""

from flask import Response

from kennis.web import assessment, visitors
from kennis.web.account_page import page

# For a reader; the codes are those of access/policy.py.
ROLES = {
    "contributor": "Inzender: u schrijft teksten en stuurt ze in.",
    "reviewer": "Beoordelaar: u beoordeelt ook teksten van anderen.",
    "editor": "Redacteur: u publiceert ook teksten van anderen.",
    "admin": "Beheerder: u beheert ook accounts en sleutels.",
}


def overview() -> Response:
    account = visitors.logged_in().account
    return page(
        "account.html",
        name=account.name,
        email=account.email,
        is_linked=account.subject is not None,
        has_password=account.password_hash is not None,
        role=ROLES[account.role],
        background=assessment.label("backgrounds", account.background),
    )
