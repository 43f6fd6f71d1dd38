"""Headers of every page, its errors included: nothing from elsewhere, nothing told to elsewhere (X7, V16, V17)."""

from flask import Flask, Response, request

# Style and pictures of our own, forms to ourselves, and no script at all.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
)
PUBLIC = "no-cache"
PRIVATE = "private, no-store"


def register(app: Flask, prefix: str) -> None:
    """For every answer whose path does not lie under `prefix`."""

    def finish(response: Response) -> Response:
        if not (request.path + "/").startswith(prefix + "/"):
            for name, value in HEADERS:
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", PRIVATE)
        return response

    app.after_request(finish)
