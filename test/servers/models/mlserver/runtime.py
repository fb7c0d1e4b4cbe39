"""Runtimes of the tests: `Double` doubles its input, after as many seconds as the request asks for."""

import asyncio
import os

from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput


class Double(MLModel):
    async def load(self) -> bool:
        if os.path.exists(f"{self.name}.slow"):
            await asyncio.sleep(3)
        if os.path.exists(f"{self.name}.broken"):
            raise RuntimeError("weights missing")
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        [x] = payload.inputs
        values = [float(value) for value in x.data]
        if any(value < 0 for value in values):
            raise ValueError("negative input")
        wait = payload.parameters.model_dump().get("wait_seconds", 0) if payload.parameters else 0
        await asyncio.sleep(wait)
        y = ResponseOutput(name="y", shape=x.shape, datatype=x.datatype, data=[2 * value for value in values])
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=[y])
