"""Every setting once: name, default, help. `docs/reference/settings.md` is made from this table."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from kennis import settings
from kennis.errors import BadSetup


@dataclass(frozen=True, slots=True)
class Setting:
    """`field` is the attribute of Config; the environment variable is `name`."""

    name: str
    field: str
    default: str
    help: str
    read: Callable[[str, str], object]


SETTINGS: tuple[Setting, ...] = (
    Setting("KENNIS_ENV", "env", "development", "development or production; production refuses a demo database",
            settings.choice("development", "production")),
    Setting("KENNIS_DATA_DIR", "data_dir", "var", "folder for the database and the index of this installation",
            settings.folder),
    Setting("KENNIS_DATABASE_URL", "database_url", "",
            "address of the database, SQLite or PostgreSQL; empty: SQLite file kennis.db in KENNIS_DATA_DIR",
            settings.text),
    Setting("KENNIS_SEARCH", "search", "embedded",
            "search engine; embedded runs inside the process, elasticsearch is a cluster of your own",
            settings.choice("embedded", "elasticsearch")),
    Setting("KENNIS_SEARCH_FALLBACK", "search_fallback", "none",
            "engine that answers while Elasticsearch does not; embedded keeps a second index, inside the process",
            settings.choice("none", "embedded")),
    Setting("KENNIS_WORKER", "worker", "inside",
            "who keeps the index and does what depends on the day: inside is kennis serve, apart is kennis worker",
            settings.choice("inside", "apart")),
    Setting("KENNIS_ELASTICSEARCH_URL", "elasticsearch_url", "http://127.0.0.1:9200",
            "addresses of the nodes of Elasticsearch, with commas between them", settings.addresses),
    Setting("KENNIS_ELASTICSEARCH_API_KEY", "elasticsearch_api_key", "",
            "API key for Elasticsearch (the encoded form); goes before user and password", settings.secret),
    Setting("KENNIS_ELASTICSEARCH_USER", "elasticsearch_user", "", "user for Elasticsearch", settings.text),
    Setting("KENNIS_ELASTICSEARCH_PASSWORD", "elasticsearch_password", "", "password of that user", settings.secret),
    Setting("KENNIS_ELASTICSEARCH_CA", "elasticsearch_ca", "",
            "file with the certificate authority of Elasticsearch (PEM); empty: those of the system", settings.file),
    Setting("KENNIS_ELASTICSEARCH_INDEX", "elasticsearch_index", "kennis-entries",
            "how the names of the indices begin; another for each installation on one cluster", settings.index_name),
    Setting("KENNIS_PUBLIC_URL", "public_url", "http://127.0.0.1:8000",
            "address at which readers reach Kennis; links are made from it", settings.address),
    Setting("KENNIS_EXIT_URL", "exit_url", "https://www.knmi.nl",
            "neutral site to which the exit link leads; must have no personal content", settings.address),
    Setting("KENNIS_METRICS", "metrics", "off",
            "on gives /v1/metrics for Prometheus; keep that address inside (docs/operations.md)",
            settings.choice("off", "on")),
    Setting("KENNIS_PAGE_CACHE", "page_cache", "512", "answers of searches kept in memory per process (0: none)",
            settings.count(0, 100_000)),
    Setting("KENNIS_MAX_BODY", "max_body", "1048576", "largest request body in bytes; more is 413",
            settings.count(1024, 100_000_000)),
    Setting("KENNIS_SECRET_KEY", "secret_key", "",
            "key of this installation for hashes and form tokens, at least 32 characters; production asks for it, "
            "development makes one at every start", settings.key),
    Setting("KENNIS_SINGLE_EDITOR", "single_editor", "no",
            "yes says that one person is the whole desk, who may then publish a story that he or she edited",
            settings.choice("no", "yes")),
    Setting("KENNIS_OIDC_ISSUER", "oidc_issuer", "",
            "address of the OpenID Connect server that professionals log in with; empty: passwords only",
            settings.optional(settings.address)),
    Setting("KENNIS_OIDC_CLIENT_ID", "oidc_client_id", "", "name of Kennis at that server", settings.text),
    Setting("KENNIS_OIDC_CLIENT_SECRET", "oidc_client_secret", "", "secret of Kennis at that server", settings.secret),
    Setting("KENNIS_OIDC_CLAIM", "oidc_claim", "roles",
            "claim of the ID token that holds the groups of a person; dots lead inwards", settings.text),
    Setting("KENNIS_OIDC_ROLES", "oidc_roles", "",
            "which group may log in as what at most: group=role, with commas between them", settings.pairs),
    Setting("KENNIS_SMTP_URL", "smtp_url", "",
            "mail server, smtp://user:password@server:587 or smtps://server; signs in user and password are written "
            "as %40 and so on; empty: nothing is mailed",
            settings.optional(settings.server("smtp", "smtps"))),
    Setting("KENNIS_SMTP_CA", "smtp_ca", "",
            "file with the certificate authority of the mail server (PEM); empty: those of the system", settings.file),
    Setting("KENNIS_MAIL_FROM", "mail_from", "kennis@kennis.example", "address that mail is sent from", settings.mail),
    Setting("KENNIS_LIMITS_URL", "limits_url", "memory://",
            "where limits are counted: memory:// in each process, redis://... for all of them together",
            settings.server("memory", "redis", "rediss")),
    Setting("KENNIS_LIMIT", "limit", "300", "requests a minute under /v1 of one key, or of one address without a key",
            settings.count(1, 1_000_000)),
    Setting("KENNIS_PROXIES", "proxies", "0",
            "how many proxies stand before Kennis: only so many forwarded addresses are believed",
            settings.count(0, 10)),
    Setting("KENNIS_CONTACT_NAME", "contact_name", "Redactie van Kennis",
            "name in the API document for questions about this installation", settings.text),
    Setting("KENNIS_CONTACT_EMAIL", "contact_email", "redactie@kennis.example",
            "role address in the API document, never of a person", settings.mail),
    Setting("KENNIS_LANGUAGE", "language", "nl", "language of messages on the command line: nl or en",
            settings.choice("nl", "en")),
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
    secret_key: str = field(repr=False)
    single_editor: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_claim: str
    oidc_roles: tuple[tuple[str, str], ...]
    smtp_url: str = field(repr=False)
    smtp_ca: Path | None
    mail_from: str
    limits_url: str = field(repr=False)
    limit: int
    proxies: int
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

    def with_key(self) -> "Config":
        """What a server starts with: production asks for a secret key that is used for nothing else (safety.md R2), and
        development makes one that is forgotten with the process."""
        if not self.secret_key and self.env == "production":
            raise BadSetup(
                "KENNIS_SECRET_KEY ontbreekt; productie start niet zonder. Maak hem bijvoorbeeld met: "
                "openssl rand -hex 32",
                "KENNIS_SECRET_KEY is missing; production does not start without. Make one for example with: "
                "openssl rand -hex 32",
            )
        if self.secret_key and self.secret_key in (
            self.oidc_client_secret,
            self.elasticsearch_api_key,
            self.elasticsearch_password,
        ):
            raise BadSetup(
                "KENNIS_SECRET_KEY is gelijk aan een ander geheim; geef een eigen waarde.",
                "KENNIS_SECRET_KEY equals another secret; give it a value of its own.",
            )
        return self if self.secret_key else replace(self, secret_key=secrets.token_hex(32))

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"
