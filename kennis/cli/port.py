"""Whether an address is free to listen on. Asked before any work, for the server itself would share the port."""

import errno
import socket

from kennis.errors import BadSetup


def require_free(host: str, port: int) -> None:
    """BadSetup when somebody listens there, or the address is not of this machine."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As servers do: connections that are closing do not count as use.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise _refused(host, port, error) from error


def _refused(host: str, port: int, error: OSError) -> BadSetup:
    if error.errno == errno.EADDRINUSE:
        return BadSetup(
            f"Poort {port} op {host} is al in gebruik; kies een andere met --port, of stop wat daar draait.",
            f"Port {port} on {host} is in use; choose another with --port, or stop what runs there.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return BadSetup(
            f"Poort {port} mag deze gebruiker niet openen; kies er een boven 1023 met --port.",
            f"This user may not open port {port}; choose one above 1023 with --port.",
        )
    return BadSetup(
        f"{host} is geen adres van deze machine; kies een ander met --host, bijvoorbeeld 127.0.0.1.",
        f"{host} is no address of this machine; choose another with --host, for example 127.0.0.1.",
    )
