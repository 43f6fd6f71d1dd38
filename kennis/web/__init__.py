"""The pages in Dutch: searching, reading, one's own account; complete without script. Rules: safety.md 2, 6 and 7."""

from flask import Blueprint, Flask

from kennis.api.allowances import PAGES
from kennis.content.kinds import KINDS
from kennis.installation import ALLOWANCES, POLICIES, PUBLIC_READ
from kennis.web import guards, leaving, own_pages, pages
from kennis.web.failures import answer_error
from kennis.web.template import equip

__all__ = ["answer_error", "register"]
# Where the other surface lives, whose headers are its own.
API_PREFIX = "/v1"


def register(app: Flask) -> None:
    """Expects the parts in `app.extensions`."""
    blueprint = Blueprint("web", __name__, template_folder="templates", static_folder="static")
    blueprint.add_url_rule("/", "search", pages.search)
    blueprint.add_url_rule("/", "search_without_traces", pages.search_without_traces, methods=["POST"])
    blueprint.add_url_rule("/weg", "leave", leaving.leave)
    blueprint.add_url_rule("/robots.txt", "robots", leaving.robots)
    for kind in KINDS.values():
        blueprint.add_url_rule(f"/{kind.page}/<name>", kind.code, pages.of_kind(kind))
    equip(app)
    before = set(app.view_functions)
    app.register_blueprint(blueprint)
    app.extensions[POLICIES].update(dict.fromkeys(set(app.view_functions) - before, PUBLIC_READ))
    own_pages.register(app)
    # Reading is not counted, and never the way out.
    app.extensions[ALLOWANCES].update({"web.search": PAGES, "web.search_without_traces": PAGES})
    guards.register(app, API_PREFIX)
