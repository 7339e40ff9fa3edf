"""What the message standards allow, in our own words, and a validator that holds a message up against it.

`described/` states the structure in the notation of `notation.py`; `validate` is the way in.
"""
