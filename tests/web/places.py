"""The addresses of every kind of page, with the status a browser gets there."""

from kennis.content.kinds import KINDS
from tests.web import corpus


def entry(kind: str, entry_id: str, slug: str) -> str:
    return f"/{KINDS[kind].page}/{entry_id if KINDS[kind].page_is_id else slug}"


GOOD = {kind: entry(kind, i, f"goed-voorbeeld-van-{kind}") for kind, i in corpus.GOOD.items()}
BAD = {kind: entry(kind, i, f"vijandig-{kind}") for kind, i in corpus.BAD.items()}
OWN_STORY, HEAVY_STORY = f"/verhalen/{corpus.WITHOUT_PARTNERS}", f"/verhalen/{corpus.HEAVY}"
ARCHIVED, WITHDRAWN = "/lessen/oude-les", "/lessen/weggehaalde-les"
START, RESULTS, EMPTY = "/", "/?q=voorbeeld&topic=partnergeweld", "/?q=xqzjv&kind=lesson"
HELP_ASKED = "/?q=mijn+man+slaat+me+wat+moet+ik+doen"
MISSING = "/lessen/bestaat-niet"
OK = (START, RESULTS, EMPTY, HELP_ASKED, *GOOD.values(), *BAD.values(), OWN_STORY, HEAVY_STORY, ARCHIVED)
ALL = {**dict.fromkeys(OK, 200), MISSING: 404, "/onbekend/pad": 404, WITHDRAWN: 410}
QUIET = (GOOD["story"], GOOD["help-offer"], BAD["story"], BAD["help-offer"], OWN_STORY, HEAVY_STORY)
