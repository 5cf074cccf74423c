"""Our own public address as far as a network fetches from it: what ``Image.link`` and ``Video.link`` lead to.

The pages' own route is tested with the pages; here are the same addresses over a small server on loopback.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assets import handing
from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar.settings import Settings


@contextmanager
def handing_over(settings: Settings) -> Iterator[str]:
    """Serve the materials of these settings to whoever has an address; yield where."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell(with_body=True)

        def do_HEAD(self) -> None:
            self.tell(with_body=False)

        def tell(self, *, with_body: bool) -> None:
            found = handing.handed(settings, self.path.removeprefix(f"{handing.PATH}/"))
            if found is None:
                self.send_error(404)
                return
            with chosen(settings).open(Shelf.SERVED, found.sha256) as file:
                content = file.read()
            self.send_response(200)
            self.send_header("Content-Type", found.media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if with_body:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
