"""A real Elasticsearch on loopback for the tests, without Docker: fetched with Maven, started, stopped.

The facts it rests on were all tried and stand at the end of section 5 of the design of the search.
"""
