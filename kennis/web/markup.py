"""Text of entries as HTML that can do no harm: Markdown without HTML or images (safety.md V01, V04).

The library that reads Markdown is imported for the first page of an entry: it takes as long as the surfaces together,
and a command or a server of the API alone has no use for it.
"""

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup

from kennis.search.highlighting import ELLIPSIS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ELEMENTS = frozenset(
    {"p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "a", "hr"}
)
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "ol": {"start"}, "*": set()}
SCHEMES = {"https", "http", "mailto", "tel"}
# No word of the address from which a reader came goes to another site (V17).
LINK_REL = "noreferrer nofollow"
LOWEST_HEADING = 6


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # An image would be a request to another host (X7).
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def _move_headings(tokens: "list[Token]", top: int) -> None:
    """The highest heading of the text becomes `top`, so that a page keeps one h1 and its outline."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    if headings:
        shift = top - min(int(token.tag[1]) for token in headings)
        for token in headings:
            token.tag = f"h{min(LOWEST_HEADING, int(token.tag[1]) + shift)}"


def from_markdown(text: str, top: int = 2) -> Markup:
    """Safe HTML of CommonMark whose highest heading is `top`; HTML in the text is shown as it was typed."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    _move_headings(tokens, top)
    made = markdown.renderer.render(tokens, markdown.options, {})
    return Markup(  # nosec B704  # noqa: S704  # cleaned in the same expression
        nh3.clean(made, tags=set(ELEMENTS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL)
    )


def from_highlights(snippets: tuple[str, ...] | list[str]) -> Markup:
    """Snippets of the search, which holds them escaped but for `<mark>`; anything else is taken out again here."""
    # Between two pieces one ellipsis says enough.
    joined = " ".join(snippets).replace(f"{ELLIPSIS} {ELLIPSIS}", ELLIPSIS)
    return Markup(nh3.clean(joined, tags={"mark"}, attributes={"*": set()}))  # nosec B704  # noqa: S704  # cleaned


def paragraphs(text: str) -> list[str]:
    """Plain text split where its writer left an empty line."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def outward(address: object) -> str | None:
    """An address of another site that may stand in a link, None for anything else, such as `javascript:`."""
    text = address if isinstance(address, str) else ""
    return text if text.startswith(("https://", "http://")) else None


def dialled(number: str) -> str:
    """What a phone dials: digits, with the sign of an international number, which is stored with 00 in front."""
    digits = "".join(c for c in number if c.isdigit())
    return f"+{digits.removeprefix('00')}" if number.strip().startswith(("+", "00")) else digits


def site_name(address: str) -> str:
    """The host without `www.`: what a reader recognises of an address."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
