"""The structure of every message we know, one module per family. The facts are the standards'; the notation and the shape are ours.

A common part (`parties`, the head of the care messages) is written once and taken into each version that has it, so a
difference between two versions is seen as the few lines that differ.
"""

from messaging.formats.structure.described import (
    care,
    dialogue,
    discharge,
    envelope,
    extract,
    head,
    laboratory,
    receipt,
    referral,
    requisition,
    signature,
)

# In the order a reader would want them; a later module may refer to an earlier one's namespaces by prefix, and the other way round.
ALL = (
    head.TEXT,
    signature.TEXT,
    extract.TEXT,
    *care.TEXTS,
    *dialogue.TEXTS,
    *discharge.TEXTS,
    *referral.TEXTS,
    *laboratory.TEXTS,
    *requisition.TEXTS,
    *receipt.TEXTS,
    envelope.TEXT,
)
