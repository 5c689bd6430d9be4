"""A listener at a port of this machine, and who believes the certificate that it shows."""

from __future__ import annotations

import socket
import ssl

TIMEOUT = 5.0


def fits(port: int, authority: str, name: str) -> bool:
    """Whether a client that checks authority and name accepts the listener."""
    context = ssl.create_default_context(cadata=authority)
    context.set_alpn_protocols(["h2", "http/1.1"])
    try:
        with (
            socket.create_connection(("127.0.0.1", port), TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=name),
        ):
            return True
    except ssl.SSLCertVerificationError:
        return False
