"""Doubles its input, after as many seconds as the input `wait` asks for; a negative value makes it raise."""

import os
import time

import numpy
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        model = args["model_repository"]
        if os.path.exists(f"{model}.slow"):
            time.sleep(3)
        if os.path.exists(f"{model}.broken"):
            raise RuntimeError("weights missing")

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        x = pb_utils.get_input_tensor_by_name(request, "x").as_numpy()
        wait = pb_utils.get_input_tensor_by_name(request, "wait")
        if wait is not None:
            time.sleep(float(wait.as_numpy().flat[0]))
        if (x == -1).any():
            raise RuntimeError("negative input")
        if (x < 0).any():
            return pb_utils.InferenceResponse(error=pb_utils.TritonError("negative input"))
        y = pb_utils.Tensor("y", (2 * x).astype(numpy.float32))
        return pb_utils.InferenceResponse(output_tensors=[y])
