"""Whatever befalls servers, databases, disks, networks and clocks: is every acknowledged ballot there, once, and counted?

`python -m tests.faults` runs what `table.py` lists, with a seed that it prints and takes; `test_faults.py` runs a part of it.
"""
