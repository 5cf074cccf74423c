"""Processes that open accounts in the same instant, each its own worker; run by ``test_renewing`` as a program.

``renewing_processes.py <database URL> <folder> <server> <JSON>``: the JSON is a list of (crash point, account
ids), one for each process. It prints their exit statuses. Imports are paid for once, then it forks.
"""

import json
import os
import sys
from pathlib import Path

from content_calendar.db import Database
from scheduler import crash_points, renewing
from scheduler.networks import networks
from tests.scheduler.scene import worker
from tests.simulators.token_network import NETWORK, SLUG
from webapp.schema import metadata


def once(url: str, data: str, server: str, point: str, ids: list[int], start: int) -> None:
    crash_points._CRASH_AT = point  # noqa: SLF001 -- read from the environment when it is imported
    mine = worker(Database(url), Path(data), **{SLUG: server})
    os.read(start, 1)
    for one in ids:
        renewing.opened(mine, one)
    os._exit(0)


def main() -> None:
    url, data, server, tasks = sys.argv[1:]
    metadata()  # every table must be known before a row is read
    networks()[SLUG] = NETWORK
    start, go = os.pipe()
    children = []
    for point, ids in json.loads(tasks):
        child = os.fork()
        if child == 0:
            try:
                once(url, data, server, point, ids, start)
            finally:
                os._exit(1)
        children.append(child)
    os.write(go, b"." * len(children))
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    sys.stdout.write(json.dumps(ends))


if __name__ == "__main__":
    main()
