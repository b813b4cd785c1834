"""The life of Nova's services by the real Nova's ServiceGroup API with driver mc.

nova_mc.py <backend> <server>

Prints what came of each step, one line a step.
"""
import datetime
import sys
import time
import types

from nova import config  # noqa: F401
import nova.conf
from nova import servicegroup

SERVICE_DOWN_TIME = 2
DEADLINE = 30

CONF = nova.conf.CONF
CONF([], project="nova", default_config_files=[])
CONF.set_override("servicegroup_driver", "mc")
CONF.set_override("enabled", True, group="cache")
CONF.set_override("backend", sys.argv[1], group="cache")
CONF.set_override("memcache_servers", [sys.argv[2]], group="cache")
# A machine that is busy is no server that is away, which these clients do not ask again for minutes.
CONF.set_override("memcache_socket_timeout", 20, group="cache")


class Timers:
    """Nova's timers, which run when they are told to."""

    def __init__(self):
        self.reports = []

    def add_timer_args(self, interval, report, args, initial_delay):
        self.reports.append(lambda: report(*args))


class Node:
    """A service that joins as Nova's own does, and reports when it is told to."""

    def __init__(self, api, host):
        self.row = {"topic": "compute", "host": host, "updated_at": None, "forced_down": False}
        self.tg = Timers()
        self.service = types.SimpleNamespace(
            service_ref=self.row, model_disconnected=False, report_interval=10, tg=self.tg)
        api.join(host, "compute", self.service)

    def beat(self):
        for report in self.tg.reports:
            report()
        assert not self.service.model_disconnected, "Nova lost its server"


def api_of(service_down_time):
    """The API of a process with this option."""
    CONF.set_override("service_down_time", service_down_time)
    CONF.set_override("report_interval", 1)
    return servicegroup.API()


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


api = api_of(60)
node = Node(api, "node1")
print("before it beats: up", api.service_is_up(node.row), "time", api.get_updated_time(node.row))
before = utc_now()
node.beat()
after = utc_now()
print("after a beat: up", api.service_is_up(node.row), "right time", before <= api.get_updated_time(node.row) <= after)
node.beat()
print("after another: up", api.service_is_up(node.row), "right time", after <= api.get_updated_time(node.row) <= utc_now())
node.row["forced_down"] = True
node.beat()
print("forced down: up", api.service_is_up(node.row))
node.row["forced_down"] = False
print("no more: up", api.service_is_up(node.row))

nodes = [Node(api, "many%d" % i) for i in range(500)]
before = utc_now()
for many in nodes:
    many.beat()
times = [api.get_updated_time(many.row) for many in nodes]
print("500 at once: up", sum(api.service_is_up(many.row) for many in nodes),
      "right time", sum(before <= seen <= utc_now() for seen in times), "in order", times == sorted(times))

api = api_of(SERVICE_DOWN_TIME)
node = Node(api, "node2")
for life in ("first", "second"):
    begun = time.time()
    node.beat()
    up = api.service_is_up(node.row)
    # A beat and a question that took as long as the service down time would prove nothing.
    print("its %s life: up" % life, up or time.time() - begun > SERVICE_DOWN_TIME)
    while api.service_is_up(node.row) and time.time() - begun < DEADLINE:
        time.sleep(0.05)
    silence = time.time() - begun
    print("silent: up", api.service_is_up(node.row), "time", api.get_updated_time(node.row),
          "not too early", silence > SERVICE_DOWN_TIME)
