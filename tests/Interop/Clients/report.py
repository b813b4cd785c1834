"""Prints what each step gave, one line a step, so that two servers can be compared."""
import hashlib


def show(value):
    """A value in few characters: long ones by length and hash."""
    if isinstance(value, BaseException):
        return "%s: %s" % (type(value).__name__, value)
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%r: %s" % (key, show(value[key])) for key in sorted(value, key=repr))
    text = repr(value)
    return text if len(text) < 200 else "%d characters, %s" % (len(text), hashlib.sha1(text.encode()).hexdigest())


def step(name, call, *arguments, **named):
    """Calls, prints what came or what was raised, and returns what came."""
    result = None
    try:
        result = call(*arguments, **named)
        print(name, "->", show(result))
    except Exception as fault:  # what is raised is part of the comparison
        # Addresses of servers are in some messages.
        print(name, "->", type(fault).__name__, str(fault).split(" 127.0.0.1")[0])
    return result
