"""A service that doubles its input, after as many seconds as the request asks for."""

import time

import bentoml


@bentoml.service(workers=1)
class Doubler:
    @bentoml.api
    def double(self, x: list[float], wait_seconds: float = 0) -> list[float]:
        time.sleep(wait_seconds)
        if any(value < 0 for value in x):
            raise RuntimeError("negative input")
        return [2 * value for value in x]
