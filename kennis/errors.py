"""What can go wrong in Kennis, in words for people; surfaces turn these into HTTP answers or exit codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages; never holds text of a submission or of a draft."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in what was sent. `pointer` is an RFC 6901 JSON pointer; `parameter` a query parameter."""

    message: Text
    pointer: str | None = None
    parameter: str | None = None


class KennisError(Exception):
    """An error of the domain: safe to show, for its message is ours and holds no input but names and codes."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Invalid(KennisError):
    """What was sent breaks the rules; `problems` holds all of them, in the order of the document."""

    def __init__(self, problems: Sequence[Problem], message: Text | None = None) -> None:
        super().__init__(message or Text("Er klopt iets niet in wat is ingestuurd.", "What was sent is not valid."))
        self.problems = tuple(problems)


class NotFound(KennisError):
    """Nothing public stands here, and never did for this caller."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message or Text("Dit is niet gevonden.", "This was not found."))


class Hidden(NotFound):
    """It is there, but this caller may not know: answered as NotFound, and told to the audit."""


class Gone(KennisError):
    """Something stood here and was withdrawn for ever (content-model.md 7.1)."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message or Text("Dit is ingetrokken en komt niet terug.", "This was withdrawn and will not return.")
        )


class Moved(KennisError):
    """The thing lives on under another name; `target` is its present id or slug."""

    def __init__(self, target: str) -> None:
        super().__init__(Text("Dit staat nu ergens anders.", "This has moved."))
        self.target = target


class Unauthorized(KennisError):
    """Nobody that is known, or not any more. The message never tells which part was wrong (safety.md V24)."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text("Hiervoor is een geldige sleutel of login nodig.", "This takes a valid key, or somebody logged in.")
        )


class TooManyTries(KennisError):
    """Not looked at, for it was tried too often; may be tried again after so many seconds."""

    def __init__(self, retry_after_seconds: int) -> None:
        n = retry_after_seconds
        super().__init__(
            Text(
                f"Dit is te vaak geprobeerd. Wacht {n} seconden en probeer het dan opnieuw.",
                f"This was tried too often. Wait {n} seconds and then try again.",
            )
        )
        self.retry_after_seconds = retry_after_seconds


class Forbidden(KennisError):
    """The actor may not do this."""


class Conflict(KennisError):
    """The step is not possible from here; `allowed` names the steps that are."""

    def __init__(self, message: Text, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


class PreconditionFailed(KennisError):
    """Somebody else changed the row since the caller read it."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text(
                "Dit is intussen veranderd. Lees het opnieuw en probeer het dan nog eens.",
                "This was changed meanwhile. Read it again and then retry.",
            )
        )


class PreconditionRequired(KennisError):
    """A write to something that exists must say which version it was made from."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text(
                "Stuur bij If-Match de ETag mee van wat u gelezen heeft.",
                "Send the ETag of what you read as If-Match.",
            )
        )


class SearchUnavailable(KennisError):
    """The search engine does not answer: 503, never "0 results"."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text(
                "Zoeken werkt op dit moment niet. Probeer het straks nog eens.",
                "Search does not work at this moment. Please try again later.",
            )
        )


class SearchBusy(SearchUnavailable):
    """The search engine has too much to do: less at once, or later, may go well."""


class SearchBroken(SearchUnavailable):
    """Search is down for a reason that an operator can mend: told on the command line and in the log. It names
    folders and servers, so an answer never holds it."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(Text(nl, en))


class SearchDown(SearchBroken):
    """The server of the search engine does not answer; it may come back by itself, and nothing has to be built."""


class LoginUnavailable(KennisError):
    """The login server of the settings does not answer, or refuses Kennis itself: 503."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Inloggen bij uw organisatie werkt op dit moment niet. Probeer het straks nog eens.",
                "Logging in at your organisation does not work at this moment. Please try again later.",
            )
        )


class BadSetup(KennisError):
    """A setting, file or database is not fit for use: one sentence that names it and the way out (exit code 2)."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(Text(nl, en))
