"""KServe's server with a model that doubles its input, and one that is not ready while the file `fragile.broken` exists."""

import asyncio
import os
import sys

from kserve import InferOutput, InferResponse, Model, ModelServer


class Double(Model):
    def load(self):
        self.ready = True

    def preprocess(self, payload, headers=None):
        return payload

    async def predict(self, payload, headers=None):
        if isinstance(payload, dict):
            return {"predictions": [[2 * value for value in row] for row in payload["instances"]]}
        x = payload.inputs[0]
        values = [float(value) for value in x.data]
        if any(value < 0 for value in values):
            raise RuntimeError("negative input")
        await asyncio.sleep(float((payload.parameters or {}).get("wait_seconds", 0)))
        y = InferOutput(name="y", shape=list(x.shape), datatype=x.datatype, data=[2 * value for value in values])
        return InferResponse(response_id="", model_name=self.name, infer_outputs=[y])

    def postprocess(self, result, headers=None, response_headers=None):
        return result


class Fragile(Double):
    async def healthy(self):
        return not os.path.exists("fragile.broken")


if __name__ == "__main__":
    double, fragile = Double("double"), Fragile("fragile")
    double.load()
    fragile.load()
    ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1).start([double, fragile])
