"""Doubles the numbers of a request, after as many seconds as it asks for; cannot start while `double.broken` exists."""

import json
import os
import time


def handle(data, context):
    if data is None:
        if os.path.exists(os.environ["MODELWATCH_BROKEN"]):
            raise RuntimeError("weights missing")
        return None
    return [answer(row) for row in data]


def answer(row):
    body = row.get("body") or row.get("data")
    request = json.loads(body) if isinstance(body, (bytes, bytearray, str)) else body
    time.sleep(request.get("wait_seconds", 0))
    if any(value < 0 for value in request["x"]):
        raise RuntimeError("negative input")
    return {"y": [2 * value for value in request["x"]]}
