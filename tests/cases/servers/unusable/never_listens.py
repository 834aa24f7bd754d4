"""its server was not ready after 3 s: nobody listens there"""

import time

time.sleep(600)
