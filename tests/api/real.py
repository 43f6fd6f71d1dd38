"""What exists, put in requests that were made up: ids, the version that a text has, bodies of which a part is right."""

import uuid
from random import Random

from schemathesis import Case
from sqlalchemy import select

from kennis import clock
from kennis.access import accounts, keys, policy
from kennis.content import marks, organisations
from kennis.content.context import Context
from kennis.content.kinds import KINDS
from kennis.content.vocabulary import vocabularies
from kennis.store.models import AppliedMark, Entry
from tests import factories
from tests.api.office import Office
from tests.unit.content import desk

# Where a step may go well; other requests take any.
FITS = {
    "_submit": ["draft"], "_take": ["submitted"], "_return": ["in-review"], "_approve": ["in-review"],
    "_publish": ["approved"], "_reject": ["submitted", "in-review"],
    "_confirm": ["published"], "_archive": ["published"], "_withdraw": ["published"], "_restore": ["archived"],
    "draft": ["draft", "in-review"], "related": ["published"], "revisions": ["published"], "{version}": ["published"],
    "_suppress": ["changed"], "differences": ["changed"], "marks": ["published"],
}  # fmt: skip
KIND_OF = {kind.collection: kind.code for kind in KINDS.values()}
Stock = dict[str, list[str]]


def make_real(office: Office, stock: Stock, case: Case, chance: Random, who: str) -> None:
    """Often, for a wrong id, version or body must be answered well too. `who` will ask."""
    _, collection, *rest = case.path.split("/")
    _address(office, stock, case, chance)
    if collection == "comparisons" and stock and chance.random() < 0.7:
        case.query["id"] = chance.sample(stock["published"], 2)
    if "If-Match" in case.headers and chance.random() < 0.9:
        case.headers["If-Match"] = _version(office, case, who)
    if isinstance(case.body, dict):
        _body(office, case, chance)
    kind = KIND_OF.get(collection)
    if kind is not None and rest[-1:] in ([], ["{id}"], ["draft"]) and isinstance(case.body, dict):
        kept = chance.sample(sorted(case.body), min(len(case.body), chance.randint(0, 2)))
        whole = {} if case.method == "PATCH" else office.document(kind)
        if chance.random() < 0.8:
            case.body = whole | {name: case.body[name] for name in kept}


def _address(office: Office, stock: Stock, case: Case, chance: Random) -> None:
    _, collection, *rest = case.path.split("/")
    given, kind = case.path_parameters, KIND_OF.get(collection)
    if "version" in given and chance.random() < 0.9:
        given["version"] = chance.choice([1, 2]) if rest[-1] == "differences" else 1
    if collection == "vocabularies" and given and chance.random() < 0.7:
        name = chance.choice(sorted(vocabularies()))
        given["name"] = name
        if "code" in given:
            given["code"] = chance.choice(sorted(term.code for term in vocabularies()[name].terms))
    if "id" not in given or chance.random() > (0.9 if kind else 0.8):
        return
    if "markId" in given and kind is not None:
        given["id"], given["markId"] = _mark(office, kind, stock)
    elif kind is not None:
        given["id"] = _text(stock, rest, chance)
    elif collection == "organisations":
        # One that is merged into another is gone for who asks later.
        given["id"] = _organisation(office) if rest[-1] == "_merge" else office.organisation
    elif collection == "keys":
        given["id"] = _key(office)


def _text(stock: Stock, rest: list[str], chance: Random) -> str:
    stages = [*stock]
    fitting = FITS.get(rest[-1])
    if fitting and chance.random() < 0.7:
        is_copy = "draft" in rest
        stages = [f"published with {stage}" if is_copy else stage for stage in fitting]
    return chance.choice([one for stage in stages for one in stock[stage]])


def _mark(office: Office, kind: str, stock: Stock) -> tuple[str, str]:
    """Of a text of this kind, still to be approved when it was made here; and that text."""
    with office.parts.store.reading() as session:
        wanted = select(AppliedMark.entry_id, AppliedMark.id).join(Entry, Entry.id == AppliedMark.entry_id)
        row = session.execute(wanted.where(Entry.kind == kind, ~AppliedMark.is_approved).limit(1)).one_or_none()
    if row is not None:
        return row[0], row[1]
    context, entry_id, organisation = _context(), stock["published"][0], _organisation(office)
    with office.parts.store.transaction() as session:
        given = {"organisationId": organisation, "appliedOn": context.today.isoformat()}
        made = marks.mark(session, entry_id, given, policy.system("test"), context)
        return entry_id, made.id


def _organisation(office: Office) -> str:
    with office.parts.store.transaction() as session:
        document = factories.make_organisation(name=f"Huis {uuid.uuid4()}")
        return organisations.create(session, document, desk.EDITOR, _context()).id


def _key(office: Office) -> str:
    """That nobody asks with, so that it may be revoked."""
    with office.parts.store.transaction() as session:
        account = accounts.find(session, office.ids["other"])
        made, _ = keys.issue(session, account, name="over", scopes=("read",), now=clock.now(), by=policy.system("test"))
        return made.id


def _context() -> Context:
    return Context(clock.now(), desk.CONTEXT.public_url)


def _version(office: Office, case: Case, who: str) -> str:
    """Of what this changes: a mark is shown on its text, and changes that."""
    _, collection, *rest = case.path.split("/")
    if collection == "keys" and rest == ["me"]:
        place, reader = "/keys/me", who
    else:
        place, reader = f"/{collection}/{case.path_parameters.get('id')}", "admin"
    found = office.ask(reader, "GET", place + ("/draft" if "draft" in rest else ""))
    return found.headers.get("ETag", '"0"')


def _body(office: Office, case: Case, chance: Random) -> None:
    """What a body names by its id."""
    if chance.random() > 0.7:
        return
    if "intoId" in case.body:
        case.body["intoId"] = office.organisation
    if "accountId" in case.body:
        # Any scope fits an admin; most days that are made up have passed.
        case.body["accountId"] = office.ids[chance.choice(("author", "admin"))]
        if chance.random() < 0.5:
            case.body.pop("expiresOn", None)
    if "track" in case.body:
        # Every text has this one, and editors judge it.
        case.body["track"] = "editorial"
    if case.path.endswith("/marks"):
        case.body |= {"organisationId": _organisation(office), "appliedOn": clock.today().isoformat()}
