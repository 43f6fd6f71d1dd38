"""A real PostgreSQL on loopback for the tests: that of Debian, started as an unprivileged user, and stopped."""
