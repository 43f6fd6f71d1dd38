import dataclasses
from pathlib import Path

import pytest

from kennis.config import SETTINGS, Config
from kennis.errors import BadSetup


def test_every_field_has_a_setting_and_every_setting_a_field() -> None:
    assert [f.name for f in dataclasses.fields(Config)] == [s.field for s in SETTINGS] or {
        f.name for f in dataclasses.fields(Config)
    } == {s.field for s in SETTINGS}


def test_the_database_lies_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    config = Config.from_env({"KENNIS_DATA_DIR": str(tmp_path)})
    assert config.database_url == f"sqlite:///{tmp_path}/kennis.db"
    assert Config.from_env({"KENNIS_DATABASE_URL": "sqlite:///x.db"}).database_url == "sqlite:///x.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KENNIS_ENV", "prod"),
        ("KENNIS_PAGE_CACHE", "-1"),
        ("KENNIS_PAGE_CACHE", "many"),
        ("KENNIS_PAGE_CACHE", "١٢"),
        ("KENNIS_PUBLIC_URL", "kennis.example"),
        ("KENNIS_EXIT_URL", "javascript:alert(1)"),
        ("KENNIS_PUBLIC_URL", "http://["),
        ("KENNIS_PUBLIC_URL", "https://kennis.example:99999"),
        ("KENNIS_PUBLIC_URL", "https://editor:secret@kennis.example"),
        ("KENNIS_PUBLIC_URL", "https://kennis.example/#top"),
        ("KENNIS_PUBLIC_URL", 'https://kennis.example/"x'),
        ("KENNIS_CONTACT_EMAIL", "redactie"),
        ("KENNIS_CONTACT_EMAIL", "a@b@kennis.example"),
        ("KENNIS_CONTACT_NAME", " "),
        ("KENNIS_DATABASE_URL", " sqlite:///x.db"),
        ("KENNIS_DATA_DIR", "/srv/what?"),
        ("KENNIS_DATA_DIR", "~nobody-of-this-name/kennis"),
        ("KENNIS_SMTP_CA", "~nobody-of-this-name/ca.pem"),
        ("KENNIS_SAERCH", "embedded"),
        ("KENNIS_SECRET_KEY", "0123456789abcdef" * 2 + " "),
        ("KENNIS_SECRET_KEY", "0123456789abcdef0123456789abcde"),
        ("KENNIS_SECRET_KEY", "x" * 64),
    ],
)
def test_a_wrong_setting_is_named_with_the_way_out(name: str, value: str) -> None:
    with pytest.raises(BadSetup, match=name):
        Config.from_env({name: value})


def test_a_name_that_looks_like_a_setting_is_told_which(tmp_path: Path) -> None:
    with pytest.raises(BadSetup, match="Did you mean KENNIS_DATA_DIR"):
        Config.from_env({"KENNIS_DATA_DRI": str(tmp_path)})


def test_an_empty_setting_means_the_default() -> None:
    assert Config.from_env({"KENNIS_ENV": ""}).env == "development"


def test_settings_of_tests_and_benches_are_left_alone() -> None:
    Config.from_env({"KENNIS_TEST_ELASTICSEARCH_URL": "x", "KENNIS_BENCH_ENTRIES": "10"})


KEY = "0123456789abcdef" * 2


@pytest.mark.req("V24")
def test_production_starts_with_a_key_of_its_own_only() -> None:
    with pytest.raises(BadSetup, match="KENNIS_SECRET_KEY is missing"):
        Config.from_env({"KENNIS_ENV": "production"}).with_key()
    for other in ("KENNIS_OIDC_CLIENT_SECRET", "KENNIS_ELASTICSEARCH_API_KEY", "KENNIS_ELASTICSEARCH_PASSWORD"):
        with pytest.raises(BadSetup, match="equals another secret"):
            Config.from_env({"KENNIS_SECRET_KEY": KEY, other: KEY}).with_key()
    given = Config.from_env({"KENNIS_ENV": "production", "KENNIS_SECRET_KEY": KEY})
    assert given.with_key().secret_key == KEY
    assert KEY not in repr(given)


def test_development_makes_another_key_at_every_start() -> None:
    config = Config.from_env({})
    keys = {config.with_key().secret_key for _ in range(3)}
    assert len(keys) == 3
    assert all(len(key) == 64 for key in keys)
