"""Where a real client puts keys: where.py <client> <file of keys> <server>... [dead:<number>]...; prints a server's number a key.

python-memcached and pymemcache are asked for their choice, and no server need be there. libmemcached cannot be asked: its
keys are stored on servers that are there, and then looked for.
"""
import sys

client, path, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
servers = [text for text in arguments if not text.startswith("dead:")]
dead = {int(text[5:]) for text in arguments if text.startswith("dead:")}
keys = open(path).read().split()


def python_memcached():
    import memcache

    mc = memcache.Client(servers)
    for number, host in enumerate(mc.servers):
        host.connect = lambda alive=number not in dead: 1 if alive else 0
    for key in keys:
        server, _ = mc._get_server(key.encode())
        yield mc.servers.index(server) if server else -1


def pymemcache():
    from pymemcache.client.hash import HashClient

    mc = HashClient(servers)
    names = list(mc.clients)
    for number in sorted(dead):
        mc.hasher.remove_node(names[number])
    for key in keys:
        yield names.index(mc.hasher.get_node(key)) if len(dead) < len(names) else -1


def pylibmc(**behaviors):
    import pylibmc

    pylibmc.Client(servers, behaviors=behaviors).set_multi({key: "x" for key in keys})
    where = {}
    for number, server in enumerate(servers):
        one = pylibmc.Client([server])
        where.update({key: number for key in one.get_multi(keys)})
        one.flush_all()
    return (where[key] for key in keys)


numbers = {
    "python-memcached": python_memcached,
    "pymemcache": pymemcache,
    "ketama_weighted": lambda: pylibmc(ketama_weighted=True),
    "ketama": lambda: pylibmc(ketama=True),
}[client]()
print("\n".join(str(number) for number in numbers))
