"""Every setting once: name, default, help. `docs/reference/settings.md` is made from this table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
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


def _text(name: str, value: str) -> str:
    if value and (value != value.strip() or not value.isprintable()):
        raise BadSetup(
            f"{name} is {value!r}; haal spaties vooraan en achteraan en onzichtbare tekens weg.",
            f"{name} is {value!r}; take away the spaces around it and the characters that cannot be seen.",
        )
    return value


def _mail(name: str, value: str) -> str:
    before, _, after = value.partition("@")
    if not before or "." not in after or "@" in after or any(c.isspace() or c in "<>,;" for c in value):
        raise BadSetup(
            f"{name} is {value!r}; geef een e-mailadres, zoals redactie@kennis.example.",
            f"{name} is {value!r}; give an e-mail address such as redactie@kennis.example.",
        )
    return value


def _folder(name: str, value: str) -> Path:
    if "?" in value:
        # It would end the name of the file in the address of the database.
        raise BadSetup(f"{name} mag geen vraagteken bevatten.", f"{name} may not hold a question mark.")
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
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        has_more = "?" in value or "#" in value or "@" in parts.netloc
    except ValueError:
        fits = has_more = False
    if not fits or has_more or any(c.isspace() or not c.isprintable() or c in "\"'<>\\^`{|}" for c in value):
        raise BadSetup(
            f"{name} is {value!r}; geef een adres dat met http:// of https:// begint, zonder naam, ? of #.",
            f"{name} is {value!r}; give an address that starts with http:// or https://, without a name, ? or #.",
        )
    return value.rstrip("/")


def _addresses(name: str, value: str) -> tuple[str, ...]:
    """Addresses are shown in messages: a password has a setting of its own, and is not repeated here."""
    if "@" in value:
        raise BadSetup(
            f"{name} bevat een gebruiker; geef die met KENNIS_ELASTICSEARCH_USER en KENNIS_ELASTICSEARCH_PASSWORD.",
            f"{name} holds a user; give it with KENNIS_ELASTICSEARCH_USER and KENNIS_ELASTICSEARCH_PASSWORD.",
        )
    return tuple(_address(name, part.strip()) for part in value.split(","))


def _secret(name: str, value: str) -> str:
    """As text, but never repeated in a message."""
    if value and (value != value.strip() or not value.isprintable()):
        raise BadSetup(
            f"{name} heeft spaties vooraan of achteraan of onzichtbare tekens; haal die weg.",
            f"{name} has spaces around it or characters that cannot be seen; take them away.",
        )
    return value


def _file(name: str, value: str) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser().resolve()
    if not path.is_file():
        raise BadSetup(f"{name} is {value!r}; dat bestand is er niet.", f"{name} is {value!r}; there is no such file.")
    return path


def _index_name(name: str, value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,99}", value):
        raise BadSetup(
            f"{name} is {value!r}; gebruik kleine letters, cijfers en streepjes, een letter eerst.",
            f"{name} is {value!r}; use lower case letters, digits and hyphens, a letter first.",
        )
    return value


SETTINGS: tuple[Setting, ...] = (
    Setting("KENNIS_ENV", "env", "development", "development or production; production refuses a demo database",
            _choice("development", "production")),
    Setting("KENNIS_DATA_DIR", "data_dir", "var", "folder for the database and the index of this installation",
            _folder),
    Setting("KENNIS_DATABASE_URL", "database_url", "",
            "address of the database, SQLite or PostgreSQL; empty: SQLite file kennis.db in KENNIS_DATA_DIR", _text),
    Setting("KENNIS_SEARCH", "search", "embedded",
            "search engine; embedded runs inside the process, elasticsearch is a cluster of your own",
            _choice("embedded", "elasticsearch")),
    Setting("KENNIS_SEARCH_FALLBACK", "search_fallback", "none",
            "engine that answers while Elasticsearch does not; embedded keeps a second index, inside the process",
            _choice("none", "embedded")),
    Setting("KENNIS_WORKER", "worker", "inside",
            "who keeps the index and does what depends on the day: inside is kennis serve, apart is kennis worker",
            _choice("inside", "apart")),
    Setting("KENNIS_ELASTICSEARCH_URL", "elasticsearch_url", "http://127.0.0.1:9200",
            "addresses of the nodes of Elasticsearch, with commas between them", _addresses),
    Setting("KENNIS_ELASTICSEARCH_API_KEY", "elasticsearch_api_key", "",
            "API key for Elasticsearch (the encoded form); goes before user and password", _secret),
    Setting("KENNIS_ELASTICSEARCH_USER", "elasticsearch_user", "", "user for Elasticsearch", _text),
    Setting("KENNIS_ELASTICSEARCH_PASSWORD", "elasticsearch_password", "", "password of that user", _secret),
    Setting("KENNIS_ELASTICSEARCH_CA", "elasticsearch_ca", "",
            "file with the certificate authority of Elasticsearch (PEM); empty: those of the system", _file),
    Setting("KENNIS_ELASTICSEARCH_INDEX", "elasticsearch_index", "kennis-entries",
            "how the names of the indices begin; another for each installation on one cluster", _index_name),
    Setting("KENNIS_PUBLIC_URL", "public_url", "http://127.0.0.1:8000",
            "address at which readers reach Kennis; links are made from it", _address),
    Setting("KENNIS_EXIT_URL", "exit_url", "https://www.knmi.nl",
            "neutral site to which the exit link leads; must have no personal content", _address),
    Setting("KENNIS_METRICS", "metrics", "off",
            "on gives /v1/metrics for Prometheus; keep that address inside (docs/operations.md)",
            _choice("off", "on")),
    Setting("KENNIS_PAGE_CACHE", "page_cache", "512", "answers of searches kept in memory per process (0: none)",
            _count(0, 100_000)),
    Setting("KENNIS_MAX_BODY", "max_body", "1048576", "largest request body in bytes; more is 413",
            _count(1024, 100_000_000)),
    Setting("KENNIS_CONTACT_NAME", "contact_name", "Redactie van Kennis",
            "name in the API document for questions about this installation", _text),
    Setting("KENNIS_CONTACT_EMAIL", "contact_email", "redactie@kennis.example",
            "role address in the API document, never of a person", _mail),
    Setting("KENNIS_LANGUAGE", "language", "nl", "language of messages on the command line: nl or en",
            _choice("nl", "en")),
)  # fmt: skip


def _unknown(name: str) -> BadSetup:
    near = get_close_matches(name, [s.name for s in SETTINGS], n=1)
    nl, en = (f" Bedoelt u {near[0]}?", f" Did you mean {near[0]}?") if near else ("", "")
    return BadSetup(
        f"De instelling {name} bestaat niet; zie docs/reference/settings.md voor alle instellingen.{nl}",
        f"There is no setting {name}; docs/reference/settings.md lists all settings.{en}",
    )


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process, read once and never changed."""

    env: str
    data_dir: Path
    database_url: str
    search: str
    search_fallback: str
    worker: str
    elasticsearch_url: tuple[str, ...]
    elasticsearch_api_key: str = field(repr=False)
    elasticsearch_user: str
    elasticsearch_password: str = field(repr=False)
    elasticsearch_ca: Path | None
    elasticsearch_index: str
    public_url: str
    exit_url: str
    metrics: str
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
                raise _unknown(name)
        values = {s.field: s.read(s.name, environment.get(s.name) or s.default) for s in SETTINGS}
        if not values["database_url"]:
            values["database_url"] = f"sqlite:///{values['data_dir']}/kennis.db"
        return cls(**values)  # type: ignore[arg-type]  # the table gives each field its own type

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"
