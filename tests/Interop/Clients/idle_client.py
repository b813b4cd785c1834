"""python-memcached as Nova has it: one client that is idle while the server is replaced, and says after each line on which it
waits whether it can store and whether it takes the server for dead.

    idle_client.py <host:port> <file>

Stores, waits until the file is there, stores again."""
import os
import sys
import time

import memcache

client = memcache.Client([sys.argv[1]], dead_retry=300, socket_timeout=3)
print("stored", client.set("idle", "1"), flush=True)
while not os.path.exists(sys.argv[2]):
    time.sleep(0.01)
print("stored", client.set("idle", "2"), "dead", client.servers[0].deaduntil > 0, flush=True)
