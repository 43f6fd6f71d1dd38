"""Free ports for servers of tests and benches."""

import socket

from tools.ports import LOOPBACK, free_port, free_ports


def test_ports_differ_and_nothing_listens_on_them() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in (*ports, free_port()):
        with socket.create_server((LOOPBACK, port)):
            pass
