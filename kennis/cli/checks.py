"""The single checks of `kennis doctor`. Each tells one fact; none changes anything."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from kennis import clock, resources
from kennis.access import linking, oidc
from kennis.cli.failures import sentences
from kennis.cli.opening import parts, settings
from kennis.config import Config
from kennis.content.vocabulary import vocabularies
from kennis.errors import BadSetup, KennisError, Text
from kennis.store import Store, problems, schema

if TYPE_CHECKING:
    from kennis.installation import Kennis
    from kennis.search.indexing import Indexer, IndexStatus

# Less free space than this is told: an index of 100,000 entries is built beside the old one (guess).
LEAST_FREE = 500_000_000
OLDEST_PYTHON = (3, 11)
# A database in which somebody writes for longer than this is told as busy (guess).
BUSY_SECONDS = 2.0
# A mail server that takes longer to greet is told as slow (guess).
MAIL_SECONDS = 10.0
# How the line of a needed library begins, whatever versions follow (PEP 508).
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Check:
    subject: str
    is_well: bool
    finding: Text


def all_checks() -> list[Check]:
    """In the order in which faults should be mended; what cannot be known because of an earlier one is left out."""
    found = [_python(), _try("settings", _settings), _try("data files", data_files)]
    if not found[1].is_well:
        return found
    config = settings()
    ways_in = [_try("secret key", lambda: _key(config)), _try("login server", lambda: _login_server(config))]
    found += [_try("data folder", lambda: _data_folder(config)), _try("database", lambda: _database(config))]
    parts_too = list(_of_parts(config)) if all(c.is_well for c in found) else []
    return [*found, *ways_in, *parts_too, _try("mail", lambda: _mail(config))]


def _try(subject: str, check: Callable[[], Text]) -> Check:
    try:
        return Check(subject, True, check())
    except (KennisError, OSError) as error:
        told = list(sentences(error))
        return Check(subject, False, Text(" ".join(t.nl for t in told), " ".join(t.en for t in told)))


def _same(words: str) -> Text:
    return Text(words, words)


def _python() -> Check:
    here = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return Check("python", False, Text(f"{here}; nodig is 3.11 of nieuwer", f"{here}; needed is 3.11 or newer"))
    missing = _missing_libraries()
    if missing:
        names = ", ".join(missing)
        return Check("python", False, Text(f"niet geïnstalleerd: {names}; draai: make install",
                                           f"not installed: {names}; run: make install"))  # fmt: skip
    return Check("python", True, _same(here))


def _missing_libraries() -> list[str]:
    """What Kennis asks for and is not there; nothing is known of a checkout that was never installed."""
    try:
        wanted = requires("kennis") or []
    except PackageNotFoundError:
        return []
    names = [NAME.match(asked) for asked in wanted if "extra ==" not in asked]
    return [name.group() for name in names if name and not _is_installed(name.group())]


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _settings() -> Text:
    config = settings()
    given = [name for name in sorted(os.environ) if name.startswith("KENNIS_") and os.environ[name]]
    names = ", ".join(given)
    return Text(f"{config.env}; gezet: {names or 'geen'}", f"{config.env}; given: {names or 'none'}")


def _key(config: Config) -> Text:
    config.with_key()
    if config.secret_key:
        return Text("gezet", "given")
    return Text("een nieuwe bij elke start (development)", "a new one at each start (development)")


def _login_server(config: Config) -> Text:
    linking.check_settings(config)
    if not config.oidc_issuer:
        return Text("geen; inloggen gaat met een wachtwoord", "none; people log in with a password")
    oidc.Provider(config, "").begin(clock.now())
    return Text(f"{config.oidc_issuer} antwoordt", f"{config.oidc_issuer} answers")


def data_files() -> Text:
    """Vocabularies, mapping, word lists and rules are read and checked whole, not at the first search or text."""
    from kennis.search import needs, synonyms, understood
    from kennis.search.mapping import mapping
    from kennis.search.wordlists import word_lists
    from kennis.stories import cue_lists

    read = mapping()
    word_lists()
    synonyms.default()
    understood.rules()
    needs.rules()
    cue_lists.cue_lists()
    cue_lists.help_numbers()
    seed = resources.path("seed")
    return Text(
        f"{len(vocabularies())} lijsten in {seed}, velden van de index versie {read.version}",
        f"{len(vocabularies())} vocabularies in {seed}, index mapping version {read.version}",
    )


def _data_folder(config: Config) -> Text:
    folder = config.data_dir
    if folder.exists() and not folder.is_dir():
        raise BadSetup(
            f"{folder} is geen map; kies een map met KENNIS_DATA_DIR",
            f"{folder} is not a folder; choose a folder with KENNIS_DATA_DIR",
        )
    if not folder.is_dir():
        raise BadSetup(
            f"{folder} bestaat nog niet; draai: kennis db upgrade (of zet KENNIS_DATA_DIR)",
            f"{folder} does not exist yet; run: kennis db upgrade (or set KENNIS_DATA_DIR)",
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadSetup(
            f"{folder} is niet schrijfbaar; geef deze gebruiker schrijfrecht (KENNIS_DATA_DIR)",
            f"{folder} is not writable; give this user write permission (KENNIS_DATA_DIR)",
        )
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise BadSetup(
            f"{folder} heeft nog maar {free // 1_000_000} MB vrij; maak ruimte",
            f"{folder} has only {free // 1_000_000} MB left; free some space",
        )
    return Text(f"{folder}, {free // 1_000_000} MB vrij", f"{folder}, {free // 1_000_000} MB free")


def _database(config: Config) -> Text:
    store = Store(config.database_url, busy_seconds=BUSY_SECONDS)
    try:
        store.examine()
    finally:
        store.close()
    name = problems.name_of(config.database_url)
    return Text(f"{name}, versie {schema.HEAD}", f"{name}, version {schema.HEAD}")


def _mail(config: Config) -> Text:
    """Whether the server lets us in; nothing is mailed."""
    if not config.smtp_url:
        return Text("er wordt niets gemaild (KENNIS_SMTP_URL is leeg)", "nothing is mailed (KENNIS_SMTP_URL is empty)")
    from kennis.mail import smtp

    server = replace(smtp.server(config), patience=MAIL_SECONDS)
    try:
        smtp.Connection(server).close()
    except smtp.NoServer as error:
        raise BadSetup(
            f"de mailserver {server.host} poort {server.port} laat Kennis niet binnen ({error.reason}); zie "
            "KENNIS_SMTP_URL",
            f"the mail server {server.host} port {server.port} does not let Kennis in ({error.reason}); see "
            "KENNIS_SMTP_URL",
        ) from error
    return Text(f"{server.host} poort {server.port}", f"{server.host} port {server.port}")


def _of_parts(config: Config) -> Iterator[Check]:
    with parts(config) as kennis:
        yield _try("demo", lambda: _demo(kennis))
        for indexer in kennis.indexers:
            yield from _of_index(indexer)


def _of_index(indexer: "Indexer") -> Iterator[Check]:
    found = indexer.status()
    yield _try("index", lambda: _index(found))
    if found.engine.is_ready:
        yield _try("index content", lambda: _index_content(indexer))
    yield _try("dead letters", lambda: _letters(found))


def _demo(kennis: "Kennis") -> Text:
    if kennis.is_demo and kennis.config.env == "production":
        raise BadSetup(
            "dit is de database van een demo; zet KENNIS_DATA_DIR op een eigen map, of KENNIS_ENV op development",
            "this is the database of a demo; point KENNIS_DATA_DIR to a folder of its own, or set KENNIS_ENV to "
            "development",
        )
    return Text("ja" if kennis.is_demo else "nee", "yes" if kennis.is_demo else "no")


def _index(found: "IndexStatus") -> Text:
    engine = found.engine
    if not engine.is_ready:
        raise BadSetup(engine.problem_nl, engine.problem_en)
    versions = f"mapping {engine.mapping_version}, analysis {engine.analysis_version}"
    return Text(
        f"{engine.engine}: {engine.documents} documenten, {found.lag.waiting} wijzigingen wachten; {versions}",
        f"{engine.engine}: {engine.documents} documents, {found.lag.waiting} changes waiting; {versions}",
    )


def _letters(found: "IndexStatus") -> Text:
    number = found.lag.refused
    if number:
        raise BadSetup(
            f"de zoekmachine weigert {number} items; zie welke en waarom met: kennis index dead-letters",
            f"the engine refuses {number} entries; see which and why with: kennis index dead-letters",
        )
    return Text("geen", "none")


def _index_content(indexer: "Indexer") -> Text:
    drift = replace(indexer.check(), refused=())
    if drift:
        numbers = len(drift.missing), len(drift.stale), len(drift.orphan)
        raise BadSetup(
            "{} ontbreken, {} verouderd, {} te veel; draai: kennis index check --fix".format(*numbers),
            "{} missing, {} stale, {} orphan; run: kennis index check --fix".format(*numbers),
        )
    return Text("gelijk aan de database", "equals the database")
