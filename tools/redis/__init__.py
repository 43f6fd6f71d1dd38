"""A real Redis on loopback for the tests of limits that several processes share."""
