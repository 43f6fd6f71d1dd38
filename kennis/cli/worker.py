"""`kennis worker`: what must happen beside answering, in a process of its own."""

import logging.config
import signal

import click

from kennis import __version__, logs
from kennis.cli.checks import data_files
from kennis.cli.duties import Duties
from kennis.cli.opening import parts

log = logs.Log(__name__)
STOPS = (signal.SIGTERM, signal.SIGINT)


@click.command()
def worker() -> None:
    """Keep the index, send mail, and do daily what depends on the day, until stopped. Houd de zoekindex bij.

    For servers that run with KENNIS_WORKER=apart. Builds the index when there is none of this version. When the search
    engine does not answer it waits, longer each time, and catches up by itself. Of several workers one works and the
    others stand by. Stops at Ctrl-C or SIGTERM after the batch in hand. Says what it does on stderr.
    """
    data_files()
    with parts() as kennis:
        logging.config.dictConfig(logs.configuration(kennis.config.env))
        duties = Duties(kennis)
        before = {number: signal.signal(number, lambda *_: duties.ask_to_stop()) for number in STOPS}
        log.info("started", version=__version__, engine=kennis.config.search)
        try:
            duties.run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        log.info("stopped")
