"""The cookies of the pages: only of this host, only over https or loopback, never read by script (safety.md V13)."""

from flask import Response, request

# Says who is logged in; the API never looks at it (decision 9).
SESSION = "__Host-kennis-session"
# Not Strict: who comes back from the login server would then not be logged in on the next page. Forms have tokens.
SAME_SITE = "Lax"


def session() -> str | None:
    return request.cookies.get(SESSION)


def put(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Until the browser closes, or for so many seconds."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=SAME_SITE)


def drop(response: Response, *names: str) -> None:
    for name in names:
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite=SAME_SITE)
