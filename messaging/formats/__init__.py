"""The message formats: bytes in, a message that people and tables can use out – and back. Pure: never imports Django.

Start at `read` (bytes to message), `judge` (message to receipt) and `as_document` (message to readable sections).
"""
