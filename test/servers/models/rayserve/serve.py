"""Ray Serve with one application that doubles its input: `serve.py HTTP_PORT METRICS_PORT`."""

import sys
import time

import ray
from ray import serve


@serve.deployment(num_replicas=1, ray_actor_options={"num_cpus": 0.1})
class Doubler:
    async def __call__(self, request):
        body = await request.json()
        if any(value < 0 for value in body["x"]):
            raise RuntimeError("negative input")
        return {"y": [2 * value for value in body["x"]]}


if __name__ == "__main__":
    port, metrics_port = int(sys.argv[1]), int(sys.argv[2])
    ray.init(num_cpus=2, include_dashboard=False, _metrics_export_port=metrics_port, object_store_memory=100_000_000)
    serve.start(http_options={"host": "127.0.0.1", "port": port})
    serve.run(Doubler.bind(), name="double", route_prefix="/double")
    while True:
        time.sleep(60)
