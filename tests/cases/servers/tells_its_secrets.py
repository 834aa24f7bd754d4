"""A server that prints its environment, and cannot be used."""

import os

print(dict(os.environ), flush=True)
