"""`kennis demo`: everything at once, on a database of its own that says so."""

import os

import click
from sqlalchemy import func, select

from kennis import clock
from kennis.cli import port as ports
from kennis.cli import serving
from kennis.cli.opening import context, parts
from kennis.cli.output import progress, say
from kennis.cli.seed import load
from kennis.cli.serve import LOOPBACK, PORT_OPTION
from kennis.config import Config
from kennis.content.mentions import EDITORS
from kennis.errors import BadSetup
from kennis.installation import DEMO
from kennis.store import Store, state
from kennis.store.models import Entry, Organisation

FOLDER = "var/demo"


@click.command()
@PORT_OPTION
@click.option("--no-serve", is_flag=True, help="Only prepare the demo; do not serve it.")
def demo(port: int, no_serve: bool) -> None:
    """Show Kennis with its own content on http://127.0.0.1:8000. Toon Kennis met eigen inhoud.

    Makes a database in KENNIS_DATA_DIR (default var/demo), loads the seed as checked today by `editors`, builds the
    index and serves. A second run is fast and keeps what is there. Refuses a database that holds other data. Every
    answer of a demo says that it is one.
    """
    config = _settings(port)
    if not no_serve:
        ports.require_free(LOOPBACK, port)
    _make(config)
    listening = serving.Listening(LOOPBACK, port)
    _invite(listening.address)
    if not no_serve:
        os.environ["KENNIS_PUBLIC_URL"] = config.public_url
        serving.run(config, listening)


def _settings(port: int) -> Config:
    given = {"KENNIS_DATA_DIR": FOLDER, "KENNIS_PUBLIC_URL": f"http://{LOOPBACK}:{port}"}
    config = Config.from_env(given | {name: value for name, value in os.environ.items() if value})
    if config.env == "production":
        raise BadSetup(
            "Een demo draait niet met KENNIS_ENV=production; gebruik: kennis serve",
            "A demo does not run with KENNIS_ENV=production; use: kennis serve",
        )
    return config


def _make(config: Config) -> None:
    """Tables, mark, content and index; each step leaves alone what an earlier run, even a killed one, has done."""
    store = Store(config.database_url)
    try:
        if store.revision() is not None:
            _require_ours(config, store)
        store.upgrade()
        with store.transaction() as session:
            state.put(session, DEMO, clock.today().isoformat())
        load(store, context(config), clock.today(), EDITORS)
    finally:
        store.close()
    with parts(config) as kennis, progress("Index opbouwen", "Building the index") as shown:
        for indexer in kennis.indexers:
            indexer.catch_up(shown)


def _require_ours(config: Config, store: Store) -> None:
    with store.reading() as session:
        if state.get(session, DEMO) is not None:
            return
        held = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Entry, Organisation))
    if held:
        raise BadSetup(
            f"De database in {config.data_dir} bevat andere gegevens; kies voor de demo een lege map met "
            "KENNIS_DATA_DIR.",
            f"The database in {config.data_dir} holds other data; choose an empty folder for the demo with "
            "KENNIS_DATA_DIR.",
        )


def _invite(address: str) -> None:
    say(f"Open in een browser: {address}/", f"Open in a browser: {address}/")
    say("En voor wie de API wil proberen:", "And to try the API:")
    for path in (
        "/v1/entries?q=eergerelateerd+geweld",
        "/v1/entries?topic=kindermishandeling&facets=audience,setting",
        "/v1/openapi.json",
    ):
        click.echo(f"  curl '{address}{path}'")
