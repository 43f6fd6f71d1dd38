"""What a server writes on stderr: JSON lines in production, readable lines in development.

Events have a fixed name and plain facts beside it: names of engines and endpoints, numbers, sentences of our own. Never
an address, a user agent, a path, words of a query or of a text (safety.md R8, G14, V36). A logger of another library
comes out in the same form, and of an exception only what cannot hold input.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

PRODUCTION = "production"


class Log:
    """Of a module: `log.error("the index is late", jobs=3)`. Passes on to the logging of Python, so that a command,
    which sets up nothing, shows warnings only. Names of facts are none of a LogRecord (`name`, `args` ...)."""

    def __init__(self, name: str) -> None:
        self._log = logging.getLogger(name)

    def info(self, event: str, **facts: Any) -> None:
        self._log.info(event, extra=facts, stacklevel=2)

    def warning(self, event: str, **facts: Any) -> None:
        self._log.warning(event, extra=facts, stacklevel=2)

    def error(self, event: str, **facts: Any) -> None:
        self._log.error(event, extra=facts, stacklevel=2)


def configuration(env: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`. A plain table, for it goes to the processes of the server."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": {"()": "kennis.logs.formatter", "env": env}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "events", "stream": "ext://sys.stderr"}
        },
        "loggers": {
            "kennis": {"level": "INFO"},
            "_granian": {"handlers": ["console"], "propagate": False},
        },
        "root": {"level": "WARNING", "handlers": ["console"]},
    }


def formatter(env: str) -> logging.Formatter:
    """Only a server needs its library, which takes a tenth of a second to load."""
    import structlog

    json, plain = structlog.processors.JSONRenderer, structlog.dev.ConsoleRenderer
    last: Processor = json() if env == PRODUCTION else plain(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_words, last],
        keep_exc_info=True,
    )


def _without_words(_logger: "WrappedLogger", _name: str, event: "EventDict") -> "EventDict":
    """An exception is told by its name and place: its message may hold what somebody typed."""
    told = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    if isinstance(told, tuple) and told[1] is not None:
        event.update(places(told[1]))
    return event


def places(error: BaseException) -> Mapping[str, str]:
    """What may be told of an error: its name, and where it went wrong without the lines of code."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in reversed(frames))
    return {"error": type(error).__name__, "where": where}
