"""its server ended itself (exit code 1): ModuleNotFoundError: No module named 'nosuchmodule'"""

import nosuchmodule  # noqa: F401
