"""Heartbeats as the real dogpile.cache and the real pickle make and read them.

pickles.py write <file>  each line is a datetime in ISO 8601 and a ct; prints all the ways to write it: a label and the value
pickles.py read <file>   each line is flags and a value; prints the datetime, the ct, and v
"""
import datetime
import io
import pickle
import pickletools
import sys
import zlib

from dogpile.cache.api import CachedValue


class Fixless(pickle._Pickler):
    """Writes python 3's names of modules in old protocols too."""

    def __init__(self, file, protocol):
        super().__init__(file, protocol, fix_imports=False)


def pure(value, protocol, pickler):
    file = io.BytesIO()
    pickler(file, protocol).dump(value)
    return file.getvalue()


def write(time, ct):
    value = CachedValue(datetime.datetime.fromisoformat(time), {"ct": float(ct), "v": 2})
    turned = CachedValue(value.payload, {"v": 2, "ct": float(ct)})
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        plain = pickle.dumps(value, protocol)
        yield f"{protocol}", 1, plain
        yield f"{protocol}-python", 1, pure(value, protocol, pickle._Pickler)
        yield f"{protocol}-fixless", 1, pure(value, protocol, Fixless)
        yield f"{protocol}-optimized", 1, pickletools.optimize(plain)
        yield f"{protocol}-turned", 1, pickle.dumps(turned, protocol)
        yield f"{protocol}-zlib", 9, zlib.compress(plain)


def read(flags, value):
    value = bytes.fromhex(value)
    if int(flags) & 8:
        value = zlib.decompress(value)
    # What python 2 wrote is read as Latin-1, as Nova does.
    cached = pickle.loads(value, encoding="latin1")
    assert type(cached) is CachedValue, cached
    return f"{cached.payload.isoformat(timespec='microseconds')} {cached.metadata['ct']!r} {cached.metadata['v']}"


for line in open(sys.argv[2]):
    if sys.argv[1] == "write":
        for label, flags, value in write(*line.split()):
            print(label, flags, value.hex())
    else:
        print(read(*line.split()))
