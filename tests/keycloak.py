"""A real login server for the tests, when there is one (`make keycloak`), and somebody who logs in at it.

The people and clients are those of `tools/keycloak/realm.json`.
"""

import html
import json
import re
import urllib.error
import urllib.request
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests import real_parts
from tools.keycloak.running import REALM_FILE

VARIABLE = "KENNIS_TEST_OIDC_ISSUER"
_REALM = json.loads(REALM_FILE.read_text("utf-8"))
SECRETS = {client["clientId"]: client["secret"] for client in _REALM["clients"]}
PASSWORDS = {user["username"]: user["credentials"][0]["value"] for user in _REALM["users"]}


def issuer() -> str:
    return real_parts.setting(VARIABLE, "login server", "make keycloak")


def settings(**changed: str) -> dict[str, str]:
    """Of an installation whose professionals log in there."""
    return {
        "KENNIS_OIDC_ISSUER": issuer(),
        "KENNIS_OIDC_CLIENT_ID": "kennis",
        "KENNIS_OIDC_CLIENT_SECRET": SECRETS["kennis"],
        "KENNIS_OIDC_ROLES": "redactie=editor,beoordelaars=reviewer,lezers=contributor",
        **changed,
    }


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer too: it holds the code."""

    def redirect_request(self, *_: Any) -> None:
        return None


def log_in(address: str, username: str) -> dict[str, str]:
    """Fill in the form of the server to which `address` leads, and give the parameters it sends back to Kennis."""
    # Loopback counts as safe, as it does for a browser.
    jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _Stay())
    with browser.open(address, timeout=30) as form:
        action = re.search(r'action="([^"]+)"', form.read().decode())
    assert action, "the login server shows no form"
    filled = urlencode({"username": username, "password": PASSWORDS[username]}).encode()
    try:
        browser.open(html.unescape(action[1]), filled, timeout=30)
    except urllib.error.HTTPError as answer:
        location = answer.headers["Location"]
        answer.close()
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    raise AssertionError("the login server did not let this person in")
