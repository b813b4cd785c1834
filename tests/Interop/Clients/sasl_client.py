"""bmemcached, which says who it is (SASL PLAIN): sasl_client.py <port> <user> <password>."""
import sys

import bmemcached

client = bmemcached.Client(("127.0.0.1:" + sys.argv[1],), sys.argv[2], sys.argv[3])
try:
    print("set", client.set("a", "text"), "get", client.get("a"))
except bmemcached.exceptions.AuthenticationNotSupported:
    print("not supported")
except bmemcached.exceptions.MemcachedException as refused:
    print("refused", refused.code)
except bmemcached.exceptions.InvalidCredentials as refused:
    print("refused", refused)
