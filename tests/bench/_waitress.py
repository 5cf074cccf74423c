"""The same application under waitress: one process, as many threads as ours."""

import os

import waitress

from content_calendar.settings import read
from webapp.server import THREADS, application


def main() -> None:
    port = read(os.environ).port
    waitress.serve(application(), host="127.0.0.1", port=port, threads=THREADS, _quiet=True)


if __name__ == "__main__":
    main()
