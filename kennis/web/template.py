"""What templates may call, named once."""

from flask import Flask
from jinja2 import StrictUndefined

from kennis.content.fields_phone import grouped
from kennis.web import dutch, markup


def equip(app: Flask) -> None:
    """Undefined names are errors: an empty place on a page about safety is a fault."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        day=dutch.day,
        moment=dutch.moment,
        number=dutch.number,
        partial_day=dutch.partial_day,
        outward=markup.outward,
        paragraphs=markup.paragraphs,
        dialled=markup.dialled,
        grouped=grouped,
        site_name=markup.site_name,
        capitalize_first=dutch.capitalize_first,
    )
