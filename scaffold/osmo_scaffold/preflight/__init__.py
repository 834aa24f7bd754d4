"""The gate before ``osmosis eval submit`` and ``osmosis train submit``: what would make the run fail, found here.

A gate is a function of a ``Situation`` to an ``Outcome``, in a module of its own below ``gates/``, and a line in that
package's registry.
"""
