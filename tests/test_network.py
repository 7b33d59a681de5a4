from __future__ import annotations

import socket
import threading

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "::ffff:192.0.2.1"])
def test_the_suite_cannot_reach_another_machine(host: str, network: list[str]) -> None:
    with pytest.raises(OSError, match="shut off"):
        socket.create_connection((host, 80), timeout=1)
    assert network == [host]
    network.clear()


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=lambda: server.accept()[0].close())
        answering.start()
        socket.create_connection(server.getsockname(), timeout=2).close()
        answering.join(timeout=5)
        assert not answering.is_alive()
