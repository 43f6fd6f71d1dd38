"""Addresses in answers: the same question always gives the same address, whatever order its parameters came in."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from kennis.api.framework import PREFIX
from kennis.search.port import WINDOW


def address(public_url: str, path: str, arguments: Mapping[str, Any], **changes: Any) -> str:
    """`path` below /v1 with these arguments in canonical order; `changes` replace some of them."""
    pairs = [pair for name, value in sorted({**arguments, **changes}.items()) for pair in _pairs(name, value)]
    query = urlencode(pairs, quote_via=quote)
    return f"{public_url}{PREFIX}{path}" + (f"?{query}" if query else "")


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if name == "facets":
        yield name, ",".join(value) or "none"
    elif isinstance(value, tuple):
        yield from ((name, str(one)) for one in value)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, date):
        yield name, value.isoformat()
    else:
        yield name, str(value)


def paging(
    public_url: str, path: str, arguments: Mapping[str, Any], *, page: int, page_size: int, total: int
) -> dict[str, str]:
    """self, and next and prev where there is a page within the window."""
    last = max(1, -(-min(total, WINDOW) // page_size))
    links = {"self": address(public_url, path, arguments)}
    if page < last and (page + 1) * page_size <= WINDOW:
        links["next"] = address(public_url, path, arguments, page=page + 1)
    if page > 1:
        links["prev"] = address(public_url, path, arguments, page=min(page - 1, last))
    return links


def header(links: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The same links as a `Link` header (RFC 8288)."""
    told = ", ".join(f'<{target}>; rel="{rel}"' for rel, target in links.items())
    return (("Link", told),)
