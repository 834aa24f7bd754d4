"""its server was ended by SIGKILL, perhaps for want of memory"""

import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
