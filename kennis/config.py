"""Every setting once: name, default, help. `docs/operations.md` and `kennis doctor` are made from this table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kennis.errors import BadSetup


@dataclass(frozen=True, slots=True)
class Setting:
    """`field` is the attribute of Config; the environment variable is `name`."""

    name: str
    field: str
    default: str
    help: str
    read: Callable[[str, str], object]


def _text(_: str, value: str) -> str:
    return value


def _folder(_: str, value: str) -> Path:
    return Path(value).expanduser().resolve()


def _choice(*allowed: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if value not in allowed:
            words = ", ".join(allowed)
            raise BadSetup(f"{name} is {value!r}; kies uit: {words}.", f"{name} is {value!r}; choose one of: {words}.")
        return value

    return read


def _count(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise BadSetup(
                f"{name} is {value!r}; geef een heel getal van {least} tot en met {most}.",
                f"{name} is {value!r}; give a whole number from {least} to {most}.",
            )
        return int(value)

    return read


def _address(name: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
    except ValueError:
        fits = False
    if not fits or any(c.isspace() for c in value):
        raise BadSetup(
            f"{name} is {value!r}; geef een adres dat met http:// of https:// begint.",
            f"{name} is {value!r}; give an address that starts with http:// or https://.",
        )
    return value.rstrip("/")


SETTINGS: tuple[Setting, ...] = (
    Setting("KENNIS_ENV", "env", "development", "development or production; production refuses a demo database",
            _choice("development", "production")),
    Setting("KENNIS_DATA_DIR", "data_dir", "var", "folder for the database and the index of this installation",
            _folder),
    Setting("KENNIS_DATABASE_URL", "database_url", "",
            "SQLAlchemy address of the database; empty: SQLite file kennis.db in KENNIS_DATA_DIR", _text),
    Setting("KENNIS_SEARCH", "search", "embedded", "search engine; embedded runs inside the process",
            _choice("embedded")),
    Setting("KENNIS_PUBLIC_URL", "public_url", "http://127.0.0.1:8000",
            "address at which readers reach Kennis; links are made from it", _address),
    Setting("KENNIS_EXIT_URL", "exit_url", "https://www.knmi.nl",
            "neutral site to which the exit link leads; must have no personal content", _address),
    Setting("KENNIS_PAGE_CACHE", "page_cache", "512", "answers of searches kept in memory per process (0: none)",
            _count(0, 100_000)),
    Setting("KENNIS_MAX_BODY", "max_body", "1048576", "largest request body in bytes; more is 413",
            _count(1024, 100_000_000)),
    Setting("KENNIS_CONTACT_NAME", "contact_name", "Redactie van Kennis",
            "name in the API document for questions about this installation", _text),
    Setting("KENNIS_CONTACT_EMAIL", "contact_email", "redactie@kennis.example",
            "role address in the API document, never of a person", _text),
    Setting("KENNIS_LANGUAGE", "language", "nl", "language of messages on the command line: nl or en",
            _choice("nl", "en")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process, read once and never changed."""

    env: str
    data_dir: Path
    database_url: str
    search: str
    public_url: str
    exit_url: str
    page_cache: int
    max_body: int
    contact_name: str
    contact_email: str
    language: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Config":
        """Read KENNIS_* variables; BadSetup on a wrong value or an unknown name (a typo would else be silent)."""
        known = {s.name for s in SETTINGS}
        for name in environment:
            # KENNIS_TEST_* and KENNIS_BENCH_* steer the tools around Kennis, not Kennis itself.
            if (
                name.startswith("KENNIS_")
                and name not in known
                and not name.startswith(("KENNIS_TEST_", "KENNIS_BENCH_"))
            ):
                raise BadSetup(
                    f"De instelling {name} bestaat niet; zie docs/operations.md voor alle instellingen.",
                    f"There is no setting {name}; docs/operations.md lists all settings.",
                )
        values = {s.field: s.read(s.name, environment.get(s.name) or s.default) for s in SETTINGS}
        if not values["database_url"]:
            values["database_url"] = f"sqlite:///{values['data_dir']}/kennis.db"
        return cls(**values)  # type: ignore[arg-type]  # the table gives each field its own type

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"
