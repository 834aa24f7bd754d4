"""What the numbers of a run mean: means with intervals, pass@k, latency, failures, and what training could learn.

``estimates`` has the formulas with their sources, ``gathering`` reads a journal's entries one by one, ``comparison``
holds two runs against each other. Nothing here keeps more than some numbers a row.
"""
