"""Which facets are counted under which selections: decided once for both engines."""

from kennis.search.port import AnyOf, FacetCount, SearchRequest


def grouped(request: SearchRequest) -> list[tuple[list[FacetCount], tuple[AnyOf, ...]]]:
    """Facets with the selections they are counted under. All that nothing is selected in share one group."""
    chosen = {s.field for s in request.selections}
    groups = [([f for f in request.facets if f.field not in chosen], request.selections)]
    groups += [
        ([facet], tuple(s for s in request.selections if s.field != facet.field))
        for facet in request.facets
        if facet.field in chosen
    ]
    return [group for group in groups if group[0]]
