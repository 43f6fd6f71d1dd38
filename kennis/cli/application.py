"""One serving process: the app, and the duties beside it. Loaded by granian in each process it starts."""

import atexit
import logging.config
import sys

from flask import Flask

from kennis import __version__, collecting, logs
from kennis.app import create_app
from kennis.cli import failures
from kennis.cli.duties import Duties
from kennis.cli.opening import settings
from kennis.cli.output import say_wrong
from kennis.errors import KennisError
from kennis.installation import EXTENSION

log = logs.Log(__name__)


def application() -> Flask:
    """Leaves the process, with the sentence on stderr, when something became wrong since the start was prepared."""
    try:
        config = settings()
        logging.config.dictConfig(logs.configuration(config.env))
        app = create_app(config)
        atexit.register(log.info, "stopped")
        if config.worker == "inside":
            duties = Duties(app.extensions[EXTENSION])
            duties.start()
            atexit.register(duties.stop)
        collecting.seldom(collecting.OF_A_SERVER)
    except (KennisError, OSError) as error:
        for text in failures.sentences(error):
            say_wrong(text)
        sys.exit(failures.WRONG)
    log.info("started", version=__version__, engine=config.search)
    return app
