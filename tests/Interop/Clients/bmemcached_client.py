"""bmemcached, which speaks the binary protocol."""
import sys
import time

import bmemcached
from report import step

client = bmemcached.Client(("127.0.0.1:" + sys.argv[1],))

step("get of nothing", client.get, "none")
step("set", client.set, "a", "text")
step("get", client.get, "a")
for name, value in (("b", "2"), ("c", 3), ("d", b"4")):
    step("set " + name, client.set, name, value)
step("get_multi", client.get_multi, ["a", "b", "c", "d", "none"])
step("add taken", client.add, "a", "x")
step("add", client.add, "e", "5")
step("replace", client.replace, "e", "6")
step("replace of nothing", client.replace, "none", "6")
value, version = client.gets("b")
print("gets ->", value, version > 0)
step("cas", client.cas, "b", "by cas", version)
step("cas again, with the old version", client.cas, "b", "lost", version)
step("after cas", client.get, "b")
step("set number", client.set, "n", 10)
step("incr", client.incr, "n", 5)
step("decr", client.decr, "n", 100)
step("incr of nothing", client.incr, "m", 5)
step("incr of it", client.incr, "m", 5)
step("incr of text", client.incr, "a", 1)
step("delete", client.delete, "c")
step("delete again", client.delete, "c")
step("delete_multi", client.delete_multi, ["d", "none"])

for name, value in (("integer", 7), ("large integer", 2**70), ("text", "Straße ☃"), ("bytes", bytes(range(256))),
                    ("pickle", {"list": [1, 2.5, None]}), ("empty", "")):
    step(name, client.set, "kind", value)
    step(name + " back", client.get, "kind")
step("compressed", client.set, "compressed", "text " * 1000)
step("compressed back", client.get, "compressed")
step("900 KB", client.set, "large", b"0123456789" * 92160)
step("900 KB back", client.get, "large")
step("too large", client.set, "too-large", b"x" * (2 << 20))
step("after too large", client.get, "too-large")
step("longest key", client.set, "k" * 250, "1")

step("expires", client.set, "short", "1", time=1)
time.sleep(2.2)
step("expired", client.get, "short")
step("stats", lambda: {name: next(iter(client.stats().values()))[name] for name in ("total_items", "limit_maxbytes", "threads")})
step("flush_all", client.flush_all)
step("flushed", client.get_multi, ["b", "large"])
client.disconnect_all()
