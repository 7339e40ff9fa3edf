"""From the record to a message: what each kind of message carries, and how it is put together. Pure; the record is read in `selectors/record.py`."""
