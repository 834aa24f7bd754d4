"""it wants an API key"""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer


def answer_to(path):
    return 401, b"{}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = answer_to(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", int(os.environ["_OSMOSIS_ROLLOUT_PORT"])), Handler).serve_forever()
