"""What may be said of an account; each check gives all that is wrong, with the place of the fact."""

import re

from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.content.vocabulary import vocabularies
from kennis.errors import Problem, Text
from kennis.store.models import Organisation

EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
# Of an address, by RFC 5321; of a name, a guess.
LONGEST_EMAIL, LONGEST_NAME = 254, 100
TAKEN = Text("Er is al een account met dit adres.", "There is an account with this address.")


def email_problems(email: str) -> list[Problem]:
    """Whether it has the form of an address; nobody asks the mail server."""
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not EMAIL.fullmatch(email):
        return [Problem(Text("Dit is geen e-mailadres.", "This is no e-mail address."), "/email")]
    return []


def name_problems(name: str) -> list[Problem]:
    if 1 <= len(name) <= LONGEST_NAME and name.isprintable():
        return []
    return [Problem(Text(f"Geef een naam van 1 tot {LONGEST_NAME} tekens.",
                         f"Give a name of 1 to {LONGEST_NAME} characters."), "/name")]  # fmt: skip


def role_problems(role: str) -> list[Problem]:
    if role in policy.ROLES:
        return []
    known = ", ".join(policy.ROLES)
    return [Problem(Text(f"Deze rol bestaat niet; kies uit: {known}.", f"There is no such role; choose: {known}."),
                    "/role")]  # fmt: skip


def background_problems(background: str) -> list[Problem]:
    backgrounds = vocabularies()["backgrounds"]
    if background in backgrounds:
        return []
    known = ", ".join(backgrounds.codes)
    return [Problem(Text(f"Deze achtergrond bestaat niet; kies uit: {known}.",
                         f"There is no such background; choose: {known}."), "/background")]  # fmt: skip


def organisation_problems(session: Session, organisation_id: str | None) -> list[Problem]:
    if organisation_id is None or session.get(Organisation, organisation_id) is not None:
        return []
    return [Problem(Text("Deze organisatie bestaat niet.", "There is no such organisation."), "/organisationId")]
