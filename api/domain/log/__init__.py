"""The ballot log as pure values: the hash tree, and the texts and files by which anybody checks it.

The formats are C2SP's (https://c2sp.org): tlog-tiles, signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-policy.
"""
