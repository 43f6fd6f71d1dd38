"""Accounts, keys, sessions, mail and reminders; the audit also tells what was refused or failed; titles to compare."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
# By its bytes, as all text since 0002.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# So many entries are in memory at once.
PAGE = 500


def upgrade() -> None:
    op.add_column("audit", sa.Column("outcome", TEXT, nullable=False, server_default="done"))
    _accounts()
    _ways_in()
    _mail()
    _titles()


def _text(name: str, *, optional: bool = False) -> "sa.Column[str]":
    return sa.Column(name, TEXT, nullable=optional)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id")
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=name, ondelete="CASCADE")


def _of_entry(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_entry_id")
    return sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=name, ondelete="CASCADE")


def _accounts() -> None:
    op.create_table(
        "accounts",
        _text("id"),
        _text("email"),
        _text("name"),
        _text("role"),
        _text("background"),
        _text("organisation_id", optional=True),
        _text("password_hash", optional=True),
        _text("issuer", optional=True),
        _text("subject", optional=True),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        _text("created_on"),
        _text("digest_on", optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_accounts_organisation_id")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_accounts_issuer_subject")),
    )
    op.create_index(op.f("ix_accounts_organisation_id"), "accounts", ["organisation_id"])
    op.create_table(
        "login_tries",
        _text("bucket"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _text("wait_until"),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_login_tries")),
    )


def _ways_in() -> None:
    op.create_table(
        "api_keys",
        _text("id"),
        _text("account_id"),
        _text("prefix"),
        _text("digest"),
        _text("name"),
        _text("scopes"),
        _text("created_on"),
        _text("expires_on", optional=True),
        _text("last_used_on", optional=True),
        _text("revoked_on", optional=True),
        sa.Column("limit_per_minute", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        _of_account("api_keys"),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
    )
    op.create_index(op.f("ix_api_keys_account_id"), "api_keys", ["account_id"])
    op.create_table(
        "login_sessions",
        _text("digest"),
        _text("account_id"),
        _text("created_at"),
        _text("used_at"),
        _text("confirmed_at", optional=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_login_sessions")),
        _of_account("login_sessions"),
    )
    op.create_index(op.f("ix_login_sessions_account_id"), "login_sessions", ["account_id"])
    op.create_table(
        "answered_requests",
        _text("account_id"),
        _text("digest"),
        _text("request_digest"),
        sa.Column("status", sa.Integer(), nullable=False),
        _text("headers"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _text("entry_id", optional=True),
        _text("answered_at"),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_answered_requests")),
        _of_account("answered_requests"),
        _of_entry("answered_requests"),
    )
    op.create_index(op.f("ix_answered_requests_entry_id"), "answered_requests", ["entry_id"])
    op.create_index(op.f("ix_answered_requests_answered_at"), "answered_requests", ["answered_at"])


def _mail() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _text("account_id"),
        _text("subject"),
        _text("body"),
        _text("made_on"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _text("next_try_at"),
        _text("failure", optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        _of_account("mails"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mails_account_id"), "mails", ["account_id"])
    op.create_index(op.f("ix_mails_next_try_at"), "mails", ["next_try_at"])
    op.create_table(
        "reminders",
        _text("account_id"),
        _text("entry_id"),
        _text("about"),
        _text("due_on"),
        _text("mailed_on", optional=True),
        sa.PrimaryKeyConstraint("account_id", "entry_id", "about", "due_on", name=op.f("pk_reminders")),
        _of_account("reminders"),
        _of_entry("reminders"),
    )
    op.create_index(op.f("ix_reminders_entry_id"), "reminders", ["entry_id"])


def _titles() -> None:
    """Of entries that are there already as well; as content/titles.py had it when this was written."""
    made = op.create_table(
        "title_words",
        _text("word"),
        _text("entry_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "entry_id", "position", name=op.f("pk_title_words")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_title_words_entry_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_title_words_entry_id"), "title_words", ["entry_id"])
    entries = sa.table("entries", sa.column("id", TEXT), sa.column("content", sa.Text))
    last = ""
    while True:
        page = sa.select(entries.c.id, entries.c.content).where(entries.c.id > last).order_by(entries.c.id).limit(PAGE)
        found = op.get_bind().execute(page).all()
        if not found:
            return
        rows = [row for entry_id, content in found for row in _rows(entry_id, _titles_of(json.loads(content)))]
        if rows:
            op.bulk_insert(made, rows)
        last = found[-1].id


def _rows(entry_id: str, titles: list[frozenset[str]]) -> Iterator[dict[str, Any]]:
    for position, words in enumerate(titles):
        for word in words:
            yield {"word": word, "entry_id": entry_id, "position": position, "size": len(words)}


def _titles_of(content: dict[str, Any]) -> list[frozenset[str]]:
    found = (_words(title) for title in (content["title"], *content.get("alternativeTitles", ())))
    return [words for words in dict.fromkeys(found) if words]


def _words(title: str) -> frozenset[str]:
    letters = "".join(c for c in unicodedata.normalize("NFD", title.lower()) if not unicodedata.combining(c))
    found = frozenset("".join(c if c.isalnum() else " " for c in letters).split())
    return found - {"de", "het", "een", "the", "a", "an"} or found


def downgrade() -> None:
    for table in ("reminders", "mails", "answered_requests", "login_sessions", "api_keys", "login_tries", "accounts"):
        op.drop_table(table)
    with op.batch_alter_table("audit") as audit:
        audit.drop_column("outcome")
    op.drop_table("title_words")
