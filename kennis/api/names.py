"""Names in the OpenAPI document, made from the names of the house."""

from kennis.content.vocabulary import vocabularies


def pascal(kebab: str) -> str:
    """`help-offers` -> `HelpOffers`."""
    return "".join(part.capitalize() for part in kebab.split("-"))


def dutch(kind: str) -> str:
    """The label of a kind within a sentence."""
    return vocabularies()["kinds"].label(kind, "nl").lower()
