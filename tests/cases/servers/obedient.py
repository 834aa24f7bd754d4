"""A rollout server made of the standard library alone. It speaks the protocol in ``PROTOCOL``, and each row's prompt
tells it how to do so.
"""

import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROTOCOL = os.environ["PROTOCOL"]
FROZEN = threading.Event()
LEASE = {"polling_lease_token": "a-lease", "result_wait_timeout_sec": 1, "polling_lease_timeout_sec": 9}
OK = {"status": "success", "err_message": None, "err_category": None}


def sample(reward, **more):
    return {"id": "one", "messages": [{"role": "assistant", "content": "6"}], "reward": reward, **more}


def call(url, body, token):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
        return json.load(response)


def failure(message, category="agent_error"):
    return {"status": "failure", "err_message": message, "err_category": category}


def played(request):
    """Return how the workflow and the grader end, as far as that is alike in all protocols."""
    order = request["initial_messages"][-1]["content"]
    if order == "die":
        os._exit(3)
    if order == "freeze":
        FROZEN.set()
    if order == "hide":
        subprocess.Popen(["/bin/sleep", "300"], env={}, start_new_session=True)
    if order in ("freeze", "hang", "hang in grader", "hide"):
        time.sleep(60)
    if order == "ask":
        token = request.get("llm_api_key") or request["controller_api_key"]
        body = {"model": "any", "messages": request["initial_messages"]}
        reply = call(request["chat_completions_url"] + "/chat/completions", body, token)
        right = reply["choices"][0]["message"]["content"] == request["label"]
        return OK, OK, sample(float(right))
    ends = {
        "workflow": (failure("the tool broke"), failure(None, None), None),
        "workflow timeout": (failure("workflow took 9 s", "timeout"), failure(None, None), None),
        "grader": (OK, failure("no such label"), sample(None)),
        "grader after a reward": (OK, failure("no such label"), sample("much")),
        "grader timeout": (OK, failure("grader took 9 s", "timeout"), sample(None)),
        "no grader": (OK, failure(None, None), None),
        "no reward": (OK, OK, sample(None)),
        "removed": (OK, OK, sample(None, remove_sample=True)),
        "infinite": (OK, OK, sample(float("inf"))),
        "no samples": (OK, OK, None),
        "text reward": (OK, OK, sample("1")),
        "truth reward": (OK, OK, sample(True)),
        "words reward": (OK, OK, sample("much")),
        "largest reward": (OK, OK, sample(1e308)),
        "text messages": (OK, OK, {**sample(1.0), "messages": "6"}),
        "sample is a list": (OK, OK, ["6"]),
    }
    return ends.get(order, (OK, OK, sample(1.0)))


def call_back(request):
    order = request["initial_messages"][-1]["content"]
    completed, graded, made = played(request)
    urls, token = (request["completion_callback_url"], request["grader_callback_url"]), request["controller_api_key"]
    samples = {"samples": {"one": made} if made else {}} if PROTOCOL == "callbacks" else {"sample": made}
    first = {"rollout_id": request["rollout_id"], **completed}
    second = {"rollout_id": request["rollout_id"], **graded, **samples}
    if order == "garbage":
        first = b"\xff\xfe{"
    if order == "array":
        first = [1, 2]
    if order == "no status":
        del first["status"]
    if order == "other status":
        first["status"] = "splendid"
    if order == "other attempt":
        first["rollout_id"] = "somebody"
    if order == "wrong token":
        try:
            call(urls[0], {**first, "status": "failure", "err_message": "forged"}, "guessed")
        except urllib.error.HTTPError as error:
            assert error.code == 401
    if order == "flood":
        for _ in range(300):
            call(urls[0], first, token)
    call(urls[0], first, token)
    if order == "grade late":
        time.sleep(2.5)
    call(urls[1], second, token)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    orders = {}

    def do_GET(self):
        if FROZEN.is_set():
            time.sleep(60)
        parts = self.path.strip("/").split("/")
        if self.path == "/health":
            self.answer(200, {"status": "ok", "concurrency": {"max_concurrent": 8}})
        elif self.path == "/rollout":
            self.answer(405, {})
        elif PROTOCOL == "lease" and parts[-1] == "result":
            self.result(parts[1])
        elif PROTOCOL == "bridge" and parts[-1] == "status":
            self.answer(200, {"rollout_id": parts[1], "status": "unknown"})
        else:
            self.answer(404, {"detail": "Not Found"})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/rollout/cancel":
            return self.answer(200, {"dispositions": {}})
        order = request["initial_messages"][-1]["content"]
        if order == "refuse":
            return self.answer(422, {"detail": "no such field"})
        if order == "full" and PROTOCOL != "callbacks" and request["rollout_id"] not in self.orders:
            self.orders[request["rollout_id"]] = request
            return self.answer(429, {}, {"Retry-After": "0.1"})
        if order == "drop":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if order == "redirect":
            return self.answer(307, {}, {"Location": "http://192.0.2.1/rollout"})
        self.orders[request["rollout_id"]] = request
        if PROTOCOL == "lease":
            terms = {} if order == "no lease" else LEASE
            return self.answer(202, {"rollout_id": request["rollout_id"], "status": "queued", **terms})
        self.answer(200 if PROTOCOL == "callbacks" else 202, {})
        threading.Thread(target=call_back, args=[request], daemon=True).start()

    def result(self, rollout_id):
        lease = self.headers.get("X-Osmosis-Rollout-Lease")
        if lease is None:
            return self.answer(422, {"detail": "lease missing"})
        if lease != "a-lease":
            return self.answer(403, {"detail": "invalid polling lease"})
        request = self.orders[rollout_id]
        order = request["initial_messages"][-1]["content"]
        if order == "huge":
            return self.endless()
        if order in ("garbage", "array", "no status", "other status", "expired", "forgotten"):
            bad = {"garbage": b"\xff{", "array": [1], "no status": {}, "other status": {"status": "splendid"}}
            bad["expired"] = failure("polling lease expired", "lease_expired")
            return self.answer(404 if order == "forgotten" else 200, bad.get(order, {}))
        if order == "busy" and request.setdefault("asked", 0) < 2:
            request["asked"] += 1
            return self.answer(503, {})
        if order == "hang in grader" and not request.get("told"):
            request["told"] = True
            return self.answer(200, {"rollout_id": rollout_id, "status": "grading"})
        completed, graded, made = played(request)
        said = graded if completed is OK else completed
        return self.answer(200, {"rollout_id": rollout_id, **said, "sample": made})

    def answer(self, status, body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b" " * (1 << 20))

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["_OSMOSIS_ROLLOUT_PORT"])), Handler).serve_forever()
