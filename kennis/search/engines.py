"""The search engine that the settings choose. Each is imported only when it is the one."""

from kennis.config import Config
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded_files import IndexFolder
from kennis.search.mapping import mapping
from kennis.search.port import SearchEngine
from kennis.store.problems import is_postgresql


def make_engine(config: Config) -> SearchEngine:
    """Nothing is opened or asked before it is used."""
    if config.search == "elasticsearch":
        from kennis.search.elastic import ElasticEngine
        from kennis.search.elastic_client import Access

        access = Access(
            config.elasticsearch_url, config.elasticsearch_api_key, config.elasticsearch_user,
            config.elasticsearch_password, config.elasticsearch_ca,
        )  # fmt: skip
        locks = IndexFolder(config.data_dir / "elasticsearch")
        return ElasticEngine(access, config.elasticsearch_index, mapping(), ANALYSIS_VERSION, locks)
    return _embedded(config)


def make_fallback(config: Config) -> SearchEngine | None:
    """The engine that stands by, None when there is none."""
    has_one = config.search == "elasticsearch" and config.search_fallback == "embedded"
    return _embedded(config) if has_one else None


def _embedded(config: Config) -> SearchEngine:
    from kennis.search.embedded import EmbeddedEngine

    has_siblings = is_postgresql(config.database_url)
    return EmbeddedEngine(config.index_dir, mapping(), ANALYSIS_VERSION, has_siblings=has_siblings)
