"""pymemcache by TLS: tls_client.py <ca> <client's certificate and key> <port> <port that wants a certificate>."""
import ssl
import sys

from pymemcache.client.base import Client
from pymemcache.exceptions import MemcacheUnexpectedCloseError

authorities, certificate, port, strict_port = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def client(at, certified):
    context = ssl.create_default_context(cafile=authorities)
    context.check_hostname = False
    if certified:
        context.load_cert_chain(certificate)
    return Client(("127.0.0.1", at), tls_context=context, timeout=20)


print("set", client(port, False).set("a", b"x" * 100_000, noreply=False))
print("get with a certificate", len(client(strict_port, True).get("a")))
try:
    print("get without", client(strict_port, False).get("a"))
except (OSError, MemcacheUnexpectedCloseError):
    print("get without is refused")
