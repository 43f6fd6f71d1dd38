"""What must be right before a server starts."""

from kennis.access import linking
from kennis.cli.checks import data_files
from kennis.cli.opening import parts
from kennis.cli.output import progress, say_wrong
from kennis.config import Config
from kennis.errors import BadSetup, SearchDown
from kennis.search.indexing import Indexer


def prepare(config: Config) -> None:
    """Everything a start needs is right, and the index is up to date; else one sentence, before anything listens."""
    config.with_key()
    linking.check_settings(config)
    data_files()
    with parts(config) as kennis:
        if kennis.is_demo and config.env == "production":
            raise BadSetup(
                f"De database in {config.data_dir} is van een demo en wordt met KENNIS_ENV=production niet getoond; "
                "zet KENNIS_DATA_DIR op een eigen map.",
                f"The database in {config.data_dir} is of a demo and is not served with KENNIS_ENV=production; "
                "point KENNIS_DATA_DIR to a folder of its own.",
            )
        if config.worker == "inside":
            for indexer in kennis.indexers:
                _catch_up(indexer)


def _catch_up(indexer: Indexer) -> None:
    with progress("Index bijwerken", "Bringing the index up to date") as shown:
        try:
            indexer.catch_up(shown)
        except SearchDown as down:
            # The rest of the site does without, and the thread of the index goes on trying.
            say_wrong(down.message)
