"""`kennis openapi`: the API document, as a running server gives it."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kennis.cli.opening import settings
from kennis.cli.output import print_json


@click.command()
@click.option("--format", "form", type=click.Choice(["json", "yaml"]), default="json", show_default=True,
              help="Form of the document.")  # fmt: skip
def openapi(form: str) -> None:
    """Write the OpenAPI 3.1 document of the API to stdout. Schrijf de beschrijving van de API.

    Contact and address come from the settings (KENNIS_CONTACT_*, KENNIS_PUBLIC_URL). Needs no database.
    """
    from kennis.api.documents import yaml_of
    from kennis.api.openapi import document
    from kennis.app import create_app

    with TemporaryDirectory() as folder:
        # A store makes its folder, and production asks for a key; this command is to leave nothing behind and serves
        # nobody.
        nowhere = f"sqlite:///{folder}/none.db"
        config = replace(settings(), env="development", data_dir=Path(folder), database_url=nowhere)
        made = document(create_app(config))
    if form == "json":
        print_json(made)
        return
    click.echo(yaml_of(made), nl=False)
