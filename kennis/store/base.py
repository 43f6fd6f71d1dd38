"""What tables are made of. Portable: text, integers, booleans and bytes only, so that SQLite and PostgreSQL hold the
same."""

from typing import Any

import orjson
from sqlalchemy import LargeBinary, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

Content = dict[str, Any]


class Document(TypeDecorator[Content]):
    """A JSON document as text. Change it by assigning a new one: changes inside are not noticed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Content | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Content | None:  # noqa: ARG002
        return None if value is None else orjson.loads(value)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {Content: Document, str: Text, bytes: LargeBinary}  # noqa: RUF012
