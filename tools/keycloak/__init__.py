"""A real login server (Keycloak, OpenID Connect) on loopback for the tests, without Docker."""
