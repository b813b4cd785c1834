"""A node, or a control plane, of the real Nova with driver mc, whose clock may be wrong (libfaketime).

nova_clock.py <backend> <server> <service down time> beat <host>            reports again and again
nova_clock.py <backend> <server> <service down time> ask <host> [<host>...]  prints again and again: for each host up or down,
                                                                             and by how many seconds its updated time is off its clock
"""
import datetime
import select
import sys
import types

from nova import config  # noqa: F401
import nova.conf
from nova import servicegroup

backend, server, service_down_time, verb, hosts = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5:]
CONF = nova.conf.CONF
CONF([], project="nova", default_config_files=[])
CONF.set_override("servicegroup_driver", "mc")
CONF.set_override("enabled", True, group="cache")
CONF.set_override("backend", backend, group="cache")
CONF.set_override("memcache_servers", [server], group="cache")
# A machine that is busy is no server that is away, which these clients do not ask again for minutes.
CONF.set_override("memcache_socket_timeout", 20, group="cache")
CONF.set_override("service_down_time", service_down_time)
CONF.set_override("report_interval", 1)
api = servicegroup.API()
rows = [{"topic": "compute", "host": host, "updated_at": None, "forced_down": False} for host in hosts]


def pause(seconds):
    """time.sleep fails under libfaketime."""
    select.select([], [], [], seconds)


if verb == "beat":
    timers = []
    group = types.SimpleNamespace(add_timer_args=lambda interval, report, args, initial_delay: timers.append((report, args)))
    service = types.SimpleNamespace(service_ref=rows[0], model_disconnected=False, report_interval=1, tg=group)
    api.join(hosts[0], "compute", service)
    while True:
        for report, args in timers:
            report(*args)
        pause(0.25)

while True:
    words = []
    for row in rows:
        updated = api.get_updated_time(row)
        off = round((updated - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 60) if updated else "never"
        words.append("%s=%s,%s" % (row["host"], "up" if api.service_is_up(row) else "down", off))
    print(*words, flush=True)
    pause(0.1)
