"""LitServe with an API that doubles its input: `serve.py PORT`. It has no metrics of its own."""

import sys
import time

import litserve


class Doubler(litserve.LitAPI):
    def setup(self, device):
        pass

    def decode_request(self, request):
        return request

    def predict(self, request):
        time.sleep(request.get("wait_seconds", 0))
        if any(value < 0 for value in request["x"]):
            raise RuntimeError("negative input")
        return [2 * value for value in request["x"]]

    def encode_response(self, output):
        return {"y": output}


if __name__ == "__main__":
    server = litserve.LitServer(Doubler(), accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False)
