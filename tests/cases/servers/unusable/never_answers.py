"""its server was not ready after 3 s: it gave no answer within"""

import os
import socket
import time

listener = socket.create_server(("127.0.0.1", int(os.environ["_OSMOSIS_ROLLOUT_PORT"])))
time.sleep(600)
