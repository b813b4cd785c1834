"""pylibmc, which is libmemcached: pylibmc_client.py <port> [binary]"""
import sys
import time

import pylibmc
from report import step

binary = sys.argv[2:] == ["binary"]
client = pylibmc.Client(["127.0.0.1:" + sys.argv[1]], binary=binary, behaviors={"cas": True, "tcp_nodelay": True, "receive_timeout": 20000000})

step("get of nothing", client.get, "none")
step("set", client.set, "a", "text")
step("get", client.get, "a")
step("set_multi", client.set_multi, {"b": "2", "c": 3, "d": b"4"})
step("get_multi", client.get_multi, ["a", "b", "c", "d", "none"])
step("add taken", client.add, "a", "x")
step("add", client.add, "e", b"5")
step("add_multi", client.add_multi, {"f": 1, "g": 2})
step("replace", client.replace, "e", b"6")
step("replace of nothing", client.replace, "none", b"6")
step("append", client.append, "e", b"7")
step("prepend", client.prepend, "e", b"5")
step("appended", client.get, "e")
step("append to nothing", client.append, "none", b"x")
value, token = client.gets("b")
print("gets ->", value)
step("cas", client.cas, "b", "by cas", token)
step("cas again, with the old version", client.cas, "b", "lost", token)
step("after cas", client.get, "b")
step("set number", client.set, "n", 10)
step("incr", client.incr, "n", 5)
step("decr", client.decr, "n", 100)
step("incr of nothing", client.incr, "none")
step("incr of text", client.incr, "a")
step("incr_multi", client.incr_multi, ["f", "g"], delta=4)
step("touch", client.touch, "a", 100)
step("touch of nothing", client.touch, "none", 100)
step("delete", client.delete, "c")
step("delete again", client.delete, "c")
step("delete_multi", client.delete_multi, ["d", "none"])

for name, value in (("integer", 7), ("large integer", 2**70), ("text", "Straße ☃"), ("bytes", bytes(range(256))),
                    ("true", True), ("pickle", {"list": [1, 2.5, None]}), ("empty", "")):
    step(name, client.set, "kind", value)
    step(name + " back", client.get, "kind")
step("compressed", client.set, "compressed", "text " * 1000, min_compress_len=100)
step("compressed back", client.get, "compressed")
step("900 KB", client.set, "large", b"0123456789" * 92160)
step("900 KB back", client.get, "large")
step("too large", client.set, "too-large", b"x" * (2 << 20))
step("after too large", client.get, "too-large")
step("longest key", client.set, "k" * 250, 1)
step("key too long", client.set, "k" * 251, 1)

step("expires", client.set, "short", 1, time=1)
time.sleep(2.2)
step("expired", client.get, "short")
step("stats", lambda: {name: client.get_stats()[0][1][name] for name in ("total_items", "limit_maxbytes", "threads")})
quiet = pylibmc.Client(["127.0.0.1:" + sys.argv[1]], binary=binary, behaviors={"_noreply": True})
step("noreply set", quiet.set, "quiet", 1)
step("noreply delete", quiet.delete, "a")
quiet.disconnect_all()
for _ in range(1000):
    # Another connection: what the quiet one sent may still be on its way.
    if client.get("quiet") == 1 and client.get("a") is None:
        break
    time.sleep(0.01)
step("after noreply", client.get_multi, ["quiet", "a"])
step("flush_all", client.flush_all)
step("flushed", client.get_multi, ["b", "large"])
client.disconnect_all()
