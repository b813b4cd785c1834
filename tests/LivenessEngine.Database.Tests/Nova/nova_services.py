"""Nova's own services and its driver db, on a database of a test's.

Reads commands from its standard input, a line each, and answers each with one line of JSON:
  beat TOPIC HOST...   each registers as nova-TOPIC does if it has no row, and reports once
  up                   what servicegroup's driver db says of every service that is not deleted
"""
import json
import sys
import warnings

warnings.simplefilter('ignore')

from nova import conf
from nova import context
from nova import objects
from nova import rpc
from nova.db.main import api as db
from nova.servicegroup import api as servicegroup
from nova.servicegroup.drivers import db as driver

CONF = conf.CONF
CONF([], default_config_files=[])
CONF.set_override('connection', sys.argv[1], 'database')
CONF.set_override('notification_format', 'unversioned', 'notifications')
db.configure(CONF)


class NoNotifications:
    """There is no message queue here."""

    def is_enabled(self):
        return False


rpc.NOTIFIER = NoNotifications()
objects.register_all()
ADMIN = context.get_admin_context()
REPORTER = driver.DbDriver()


class Service:
    """What the driver needs of a running nova.service.Service."""

    def __init__(self, reference):
        self.service_ref = reference
        self.model_disconnected = False


RUNNING = {}


def beat(topic, hosts):
    lost = []
    for host in hosts:
        service = RUNNING.get((topic, host))
        if service is None:
            reference = objects.Service.get_by_host_and_binary(ADMIN, host, 'nova-' + topic)
            if reference is None:
                reference = objects.Service(ADMIN)
                reference.host = host
                reference.binary = 'nova-' + topic
                reference.topic = topic
                reference.report_count = 0
                reference.create()
            service = RUNNING[topic, host] = Service(reference)
        REPORTER._report_state(service)
        if service.model_disconnected:
            lost.append(host)
    return lost


def up():
    api = servicegroup.API()
    return {service.host: bool(api.service_is_up(service))
            for service in objects.ServiceList.get_all(ADMIN)}


print('"ready"', flush=True)
for line in sys.stdin:
    words = line.split()
    answer = beat(words[1], words[2:]) if words[0] == 'beat' else up()
    print(json.dumps(answer), flush=True)
