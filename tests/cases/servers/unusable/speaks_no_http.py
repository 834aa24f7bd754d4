"""its answer is no HTTP"""

import os
import socket

listener = socket.create_server(("127.0.0.1", int(os.environ["_OSMOSIS_ROLLOUT_PORT"])))
while True:
    caller, _ = listener.accept()
    caller.sendall(b"\x00\x01 what?\r\n\r\n" * 10)
    caller.close()
