"""A process that publishes and indexes until it is killed: run by `test_indexing.py`, never by itself.

Prints the number of each entry once its transaction is committed.
"""

import sys
from pathlib import Path

from kennis.config import Config
from kennis.content.context import Context
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded import EmbeddedEngine
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.store import Store
from tests.search.corpus import TODAY, make
from tests.search.library import NOW, store_all


def main(folder: str, database: str, start: int, rebuilds: bool) -> None:
    config = Config.from_env({"KENNIS_DATA_DIR": str(Path(folder)), "KENNIS_DATABASE_URL": database})
    store = Store(config.database_url)
    engine = EmbeddedEngine(config.index_dir, mapping(), ANALYSIS_VERSION)
    indexer = Indexer(store, engine, lambda: TODAY)
    indexer.catch_up()
    print("ready", flush=True)
    for number in range(start, start + 10_000):
        view = make("lesson", f"Gedood proces {number}", organisations=None)
        store_all(store, Context(NOW, config.public_url), [view], with_organisations=False)
        print(number, flush=True)
        indexer.apply_pending()
        if rebuilds:
            indexer.rebuild()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "rebuild")
