"""A node as Nova's services are: sets its key again and again, and another key that is no member's."""
import sys
import time

import memcache

client = memcache.Client(["127.0.0.1:" + sys.argv[1]], socket_timeout=20)
while True:
    client.set(sys.argv[2], "ok")
    client.set("user:17", "somebody")
    time.sleep(0.2)
