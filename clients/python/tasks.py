"""Tasks come as JSON on standard input, what their callers were told goes as JSON to standard output."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor


def main(perform):
    """All tasks at once, a thread each: a client waits alone."""
    out, sys.stdout = sys.stdout, sys.stderr
    tasks = json.load(sys.stdin)
    with ThreadPoolExecutor(len(tasks)) as threads:
        json.dump(list(threads.map(perform, tasks)), out)


def raised(error):
    """An exception as its catcher sees it; what it does not say is null."""
    told = {"by": "raised", "class": type(error).__name__, "message": str(error)}
    for name, attribute in [("status", "status_code"), ("code", "code"), ("type", "type"), ("requestId", "request_id")]:
        value = getattr(error, attribute, None)
        if value is not None:
            told[name] = value
    return told
