"""Reads tasks as JSON from standard input, and writes what their callers received as JSON to standard output."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor


def main(perform):
    """Performs all tasks at the same time, each in a thread of its own, so that no client waits for another."""
    out, sys.stdout = sys.stdout, sys.stderr
    tasks = json.load(sys.stdin)
    with ThreadPoolExecutor(len(tasks)) as threads:
        json.dump(list(threads.map(perform, tasks)), out)


def describe(error):
    """Describes an exception. A field that the exception does not have is left out."""
    fields = {"by": "raised", "class": type(error).__name__, "message": str(error)}
    for name, attribute in [("status", "status_code"), ("code", "code"), ("type", "type"), ("requestId", "request_id")]:
        value = getattr(error, attribute, None)
        if value is not None:
            fields[name] = value
    return fields
