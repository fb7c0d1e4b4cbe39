"""Posts predictions to Modelwatch, in batches and in the background. Python 3.9, no dependencies.

    watch = Modelwatch("http://localhost:8780", "shop", "risk")
    watch.log({"amount": 12.5, "country": "DE"}, "yes", id="order-4711")
    watch.close()

A model must not fail, or wait, because it is watched: what cannot be sent is dropped, and counted in `dropped`.
"""

import json
import queue
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid


# The exporter takes 8 MiB at a time, unless events.maxBodyBytes says otherwise.
REQUEST_BYTES = 4_000_000


def _plain(value):
    """A number or boolean of numpy as Python's; of anything else its text, which is no value where a number is expected."""
    return value.item() if getattr(value, "ndim", None) == 0 else str(value)


class Modelwatch:
    def __init__(self, url, namespace, model, version=None, batch=500, every_seconds=1.0, room=20_000, headers=None):
        self.address = f"{url}/ingest/predictions/" + "/".join(urllib.parse.quote(name, safe="") for name in (namespace, model))
        self.shared = {"version": version} if version else {}
        self.batch, self.every_seconds = batch, every_seconds
        self.headers = {"Content-Type": "application/x-ndjson", **(headers or {})}
        self.dropped = 0
        self._queue = queue.Queue(maxsize=room)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def log(self, features, prediction=None, id=None):
        """Never blocks. Values may be those of Python, numpy and pandas."""
        event = {**self.shared, "features": features, "prediction": prediction, "timeSeconds": time.time()}
        if id is not None:
            event["id"] = str(id)
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            self.dropped += 1

    def close(self):
        """Sends the rest."""
        self._closed.set()
        self._thread.join()

    def _run(self):
        while not (self._closed.is_set() and self._queue.empty()):
            events = self._collect()
            if events:
                self._send(events)

    def _collect(self):
        events, until = [], time.monotonic() + self.every_seconds
        while len(events) < self.batch:
            left = until - time.monotonic()
            try:
                events.append(self._queue.get(timeout=max(0.01, 0 if self._closed.is_set() else left)))
            except queue.Empty:
                break
        return events

    def _lines(self, events):
        for event in events:
            try:
                yield json.dumps(event, default=_plain)
            except Exception:  # Of whatever kind: this thread sends all that is to come, and the others of the batch.
                self.dropped += 1

    def _send(self, events):
        lines, size = [], 0
        for line in self._lines(events):
            if lines and size + len(line) > REQUEST_BYTES:
                self._post(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line) + 1
        if lines:
            self._post(lines)

    def _post(self, lines):
        body = "\n".join(lines).encode()
        # The same key for each try: what arrived already is not counted again.
        headers = {**self.headers, "Idempotency-Key": str(uuid.uuid4())}
        for attempt in range(5):
            try:
                request = urllib.request.Request(self.address, body, headers, method="POST")
                with urllib.request.urlopen(request, timeout=30) as answer:
                    self.dropped += json.load(answer)["refused"]
                    return
            except urllib.error.HTTPError as error:
                if error.code not in (409, 429) and error.code < 500:
                    break
            except (OSError, ValueError):
                pass
            time.sleep(min(30, 2**attempt) if not self._closed.is_set() else 0.2)
        self.dropped += len(lines)
