"""`kennis serve`: the site and the API."""

import os
import sys

import click

from kennis.cli import port as ports
from kennis.cli import serving
from kennis.config import Config

LOOPBACK = "127.0.0.1"
PORT = 8000
PORT_OPTION = click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True,
                           help="Port to listen on.")  # fmt: skip
# Set by this command for itself.
PREPARED = "_KENNIS_PREPARED"


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on; 0.0.0.0 is every address.")
@PORT_OPTION
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Processes that answer; one of them keeps the index.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1, 64), default=serving.THREADS, show_default=True,
              help="Threads per process.")  # fmt: skip
def serve(host: str, port: int, processes: int, threads: int) -> None:
    """Serve the pages and the API until stopped (Ctrl-C or SIGTERM). Start de site en de API.

    Brings the index up to date first, builds it when there is none of this version, and does `kennis refresh` at the
    start and once a day. Writes no access log. Put a proxy with TLS in front. Refuses the database of a demo when
    KENNIS_ENV=production.
    """
    config = Config.from_env(os.environ)
    ports.require_free(host, port)
    if os.environ.pop(PREPARED, None) is None:
        _prepare(config)
    serving.run(config, serving.Listening(host, port, processes, threads))


def _prepare(config: Config) -> None:
    """Look at everything, then begin this program again: the process that watches the others would keep what that
    took, 90 MB, for as long as the server runs. It stays the same process, for who started it."""
    from kennis.cli import preparing

    preparing.prepare(config)
    sys.stdout.flush()
    sys.stderr.flush()
    os.environ[PREPARED] = "yes"
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606  # nosec B606
