"""How do tests run nginx and Caddy with the configurations that we ship, but for what is another machine's?"""

import getpass
import signal
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import free_port
from tests.deployed import DEPLOY, checked, running
from tests.servers import PATIENCE

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # of which nginx keeps files


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs. certificate: the authority that clients have to trust; it appears once the proxy has started."""

    port: int
    plain_port: int
    certificate: Path

    def trusted(self) -> ssl.SSLContext:
        """What trusts the proxy's authority, once the proxy answers by TLS."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                context = ssl.create_default_context(cafile=str(self.certificate))
                with (
                    socket.create_connection(("localhost", self.port), PATIENCE) as connection,
                    context.wrap_socket(connection, server_hostname="localhost"),
                ):
                    return context
            except OSError:  # it has not started yet
                assert time.monotonic() < deadline
                time.sleep(0.05)


def replaced(text: str, changes: dict[str, str]) -> str:
    """A configuration as it is shipped, but for these parts, each of which is in it."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx_before(folder: Path, servers: Sequence[str], *, tls: bool = True) -> Iterator[Proxy]:
    """Nginx before the servers at these addresses; its files are nginx.conf, which it is started with, and pingxuan.conf."""
    port = free_port(2)
    key = ("-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key", "-out", folder / "crt")
    checked("openssl", "req", "-x509", *key, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    shipped = replaced(
        (DEPLOY / "nginx" / "pingxuan.conf").read_text("utf-8"),
        {
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port}{' ssl http2' if tls else ''};",
            "listen 80": f"listen 127.0.0.1:{port + 1}",
            "server 127.0.0.1:8000;": " ".join(f"server {server};" for server in servers),
            "server_name vote.example.cn": "server_name localhost",
            "/etc/nginx/tls/vote.example.cn.": f"{folder}/",
        },
    )
    (folder / "pingxuan.conf").write_text(shipped, "utf-8")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    ours = f"daemon off; user {getpass.getuser()}; pid {folder}/pid; error_log stderr; events {{}}"
    file = folder / "nginx.conf"
    file.write_text(f"{ours} http {{ access_log off; {temporary} include {folder}/pingxuan.conf; }}", "utf-8")
    with running(folder, "nginx", "-c", file, "-p", folder, end=signal.SIGTERM):
        yield Proxy(port, port + 1, folder / "crt")


@contextmanager
def caddy_before(folder: Path, upstream: str) -> Iterator[Proxy]:
    """Caddy before the server at this address, with a certificate of its own authority."""
    port = free_port(2)
    ours = f"grace_period 10s\nadmin off\nhttps_port {port}\nhttp_port {port + 1}"
    shipped = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    file = folder / "Caddyfile"
    file.write_text(replaced(shipped, {"grace_period 10s": ours}), "utf-8")
    words = ("run", "--config", file, "--adapter", "caddyfile")
    with running(folder, "caddy", *words, SITE="localhost", UPSTREAM=upstream):
        yield Proxy(port, port + 1, folder / "caddy" / "pki" / "authorities" / "local" / "root.crt")
