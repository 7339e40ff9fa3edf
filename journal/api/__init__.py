"""The record for other systems and for the pages' own scripts (REST, JSON), under the same gate as the pages.

Versions stand in the path. Changes of rows with a ``lock_version`` ask for If-Match with the ETag that was read.
"""
