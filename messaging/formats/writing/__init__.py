"""The model to the bytes that go out: receipts, dialogue, care messages 1.6 and epikrise 1.2."""
