"""One serving process: the app, and the duties beside it. Loaded by granian in each process it starts."""

import atexit
import sys

from flask import Flask

from kennis.app import create_app
from kennis.cli import failures
from kennis.cli.duties import Duties
from kennis.cli.opening import settings
from kennis.cli.output import say_wrong
from kennis.errors import KennisError
from kennis.installation import EXTENSION


def application() -> Flask:
    """Leaves the process, with the sentence on stderr, when something became wrong since the start was prepared."""
    try:
        app = create_app(settings())
        duties = Duties(app.extensions[EXTENSION])
        duties.start()
    except (KennisError, OSError) as error:
        for text in failures.sentences(error):
            say_wrong(text)
        sys.exit(failures.WRONG)
    atexit.register(duties.stop)
    return app
