"""pymemcache, as its users use it."""
import socket
import sys
import time
import zlib

from pymemcache import serde
from pymemcache.client.base import Client
from report import step

address = ("127.0.0.1", int(sys.argv[1]))
client = Client(address, default_noreply=False, timeout=20)
pickled = Client(address, serde=serde.pickle_serde, default_noreply=False, timeout=20)


class Zlib:
    """Like pymemcache's own CompressedSerde, which Debian 12's release lacks yet."""

    def serialize(self, key, value):
        return zlib.compress(value.encode()), 8

    def deserialize(self, key, value, flags):
        return zlib.decompress(value).decode() if flags & 8 else value


compressed = Client(address, serde=Zlib(), default_noreply=False, timeout=20)
unicode_keys = Client(address, allow_unicode_keys=True, default_noreply=False, timeout=20)

step("get of nothing", client.get, "none")
step("set", client.set, "a", "1")
step("get", client.get, "a")
step("set_many", client.set_many, {"b": "2", "c": "3"})
step("get_many", client.get_many, ["a", "b", "c", "none"])
step("add taken", client.add, "a", "x")
step("add", client.add, "d", "4")
step("replace", client.replace, "d", "5")
step("replace of nothing", client.replace, "none", "5")
step("append", client.append, "d", "6")
step("prepend", client.prepend, "d", "4")
step("appended", client.get, "d")
step("append to nothing", client.append, "none", "x")
value, token = client.gets("a")
print("gets ->", value)
step("cas", client.cas, "a", "2", token)
step("cas again", client.cas, "a", "3", token)
step("cas of nothing", client.cas, "none", "3", token)
step("incr", client.incr, "a", 40)
step("decr", client.decr, "a", 50)
step("incr of nothing", client.incr, "none", 1)
step("set text", client.set, "text", "words")
step("incr of text", client.incr, "text", 1)
step("incr past the end", lambda: (client.set("max", str(2**64 - 1)), client.incr("max", 2)))
step("touch", client.touch, "b", 100)
step("touch of nothing", client.touch, "none", 100)
step("delete", client.delete, "b")
step("delete again", client.delete, "b")
step("delete_many", client.delete_many, ["c", "none"])
step("noreply set", client.set, "quiet", "1", noreply=True)
step("noreply add", client.add, "quiet", "2", noreply=True)
step("noreply incr", client.incr, "quiet", 5, noreply=True)
step("noreply append", client.append, "quiet", "0", noreply=True)
step("after noreply", client.get, "quiet")
step("noreply delete", client.delete, "quiet", noreply=True)
step("after noreply delete", client.get, "quiet")

step("binary value", client.set, "bytes", bytes(range(256)) + b"\r\nEND\r\n")
step("binary value back", client.get, "bytes")
step("empty value", client.set, "empty", b"")
step("empty value back", client.get, "empty")
step("unicode key", unicode_keys.set, "schlüssel", "Straße ☃".encode())
step("unicode key back", unicode_keys.get, "schlüssel")
step("flags", client.set, "flagged", b"x", flags=0xFFFFFFFF)
step("flags back", Client(address, deserializer=lambda key, value, flags: (value, flags)).get, "flagged")
step("integer", pickled.set, "int", 12345678901234567890)
step("integer back", pickled.get, "int")
step("pickle", pickled.set, "pickle", {"list": [1, 2.5, None, "ü"]})
step("pickle back", pickled.get, "pickle")
step("compressed", compressed.set, "compressed", "text " * 1000)
step("compressed back", compressed.get, "compressed")

step("900 KB", client.set, "large", b"0123456789" * 92160)
step("900 KB back", client.get, "large")
step("too large", client.set, "too-large", b"x" * (2 << 20))
step("after too large", client.get, "too-large")
step("longest key", client.set, "k" * 250, "1")
step("longest key back", client.get, "k" * 250)
step("key too long for the client", client.set, "k" * 251, "1")
with socket.create_connection(address, timeout=20) as raw:
    raw.sendall(b"touch " + b"k" * 251 + b" 0\r\n")
    step("key too long for the server", raw.recv, 100)

step("expires", client.set, "short", "1", expire=1)
step("expired at once", client.set, "past", "1", expire=-1)
step("past", client.get, "past")
time.sleep(2.2)
step("expired", client.get, "short")
step("version is text", lambda: client.version()[:1].isdigit() or client.version()[:1])
step("stats", lambda: {name: client.stats()[name] for name in (b"total_items", b"cmd_flush", b"limit_maxbytes", b"threads")})
step("flush_all", client.flush_all)
step("flushed", client.get_many, ["a", "d", "large"])
step("quit", client.quit)
