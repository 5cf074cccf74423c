"""What a person would take instead on PostgreSQL: procrastinate, a task that does nothing, as its pages show it.

Kinder than life: the task calls nothing and writes nothing but what procrastinate itself does.
"""

import asyncio
import logging
import sys

import procrastinate

from content_calendar import clock
from tests.bench._measure import say, told

JOB: dict[str, procrastinate.types.JSONValue] = {"n": 1}


async def main() -> None:
    said = told()
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=said["url"]))

    @app.task(name="publish")
    async def publish(n: int) -> None:
        """Publish nothing."""

    async with app.open_async():
        if said["plants"]:
            await app.schema_manager.apply_schema_async()
            await publish.batch_defer_async(*[JOB for _ in range(said["plants"])])
            say({"planted": said["plants"]})
            return
        say({"ready": True})
        sys.stdin.readline()
        begun = clock.monotonic()
        await app.run_worker_async(
            concurrency=said["concurrency"], wait=False, install_signal_handlers=False, listen_notify=False
        )
        say({"begun": begun, "ended": clock.monotonic()})


if __name__ == "__main__":
    asyncio.run(main())
