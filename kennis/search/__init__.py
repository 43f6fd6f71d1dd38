"""How entries are found: Dutch analysis, the query tree, the engines and the one search from request to page."""
