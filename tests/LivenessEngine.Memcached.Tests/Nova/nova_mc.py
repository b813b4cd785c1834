"""The real Nova's ServiceGroup driver mc.

nova_mc.py <backend> <servers> <service down time> (beat=<topic:host> | ask=<topic:host>)...

Does one after the other: a member reports once; or is asked for, and its name, up or down, and the updated time are printed.
"""
import sys
import types

from nova import config  # noqa: F401
import nova.conf
from nova.servicegroup.drivers import mc

backend, servers, service_down_time, arguments = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
CONF = nova.conf.CONF
CONF([], project="nova", default_config_files=[])
CONF.set_override("enabled", True, group="cache")
CONF.set_override("backend", backend, group="cache")
CONF.set_override("memcache_servers", servers.split(","), group="cache")
# A machine that is busy is no server that is away, which these clients do not ask again for minutes.
CONF.set_override("memcache_socket_timeout", 20, group="cache")
CONF.set_override("service_down_time", int(service_down_time))
driver = mc.MemcachedDriver()


def service(member):
    topic, host = member.split(":", 1)
    return {"topic": topic, "host": host, "updated_at": None}


for argument in arguments:
    verb, member = argument.split("=", 1)
    if verb == "beat":
        reporting = types.SimpleNamespace(service_ref=service(member), model_disconnected=False)
        driver._report_state(reporting)
        assert not reporting.model_disconnected, "Nova lost its server"
    else:
        time = driver.updated_time(service(member))
        print(member, "up" if driver.is_up(service(member)) else "down", time.isoformat(timespec="microseconds") if time else "never")
