"""Readers meet anything without an exception and in bounded memory: some seconds in the suite, as long as EPJ_FUZZ_SECONDS says by hand."""

import os
import random
import resource
import time

from messaging.domain.carrying import medicines, prose
from messaging.domain.laboratory import rows_of
from messaging.formats.outcome import judge
from messaging.formats.read import read
from messaging.formats.receipts import receipt_for
from messaging.formats.showing.document import as_document
from messaging.formats.write import write
from tests.messaging.samples import ENVELOPE, PARENT_ID, SAMPLES
from tests.messaging.test_hostile import HOSTILE
from tests.messaging.test_outcome import NOW

SECONDS = float(os.environ.get("EPJ_FUZZ_SECONDS", "0"))
ROUNDS = 600
GROWTH = 300_000  # kB in memory that all of it may take at most, beside what was there before
TOKENS = [b"<", b">", b"</", b"/>", b"&", b"&#0;", b"&#x1F600;", b"<!--", b"]]>", b"<![CDATA[", b"<?x?>", b'"', b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"]
TOKENS += [b' V="', b"<!DOCTYPE x>", b"xmlns:a='urn:a'", b"\r\n--b1\r\n", b"<Organisation/>", b"<MsgHead/>", b"9" * 6_000, b"-", b"T", b"<Id/>"]


def seeds() -> list[bytes]:
    found = [file.encode() for file, _, _ in SAMPLES.values()]
    found += [data for data in HOSTILE.values() if len(data) < 20_000]
    return [*found, ENVELOPE.encode(), b"--b1\r\nContent-Type: text/xml\r\n\r\n" + ENVELOPE.encode() + b"\r\n--b1--"]


def mangled(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, to = sorted((chance.randrange(len(made) + 1), chance.randrange(len(made) + 1)))
        match chance.randrange(6):
            case 0:
                del made[at : min(to, at + 200)]
            case 1:
                made[at:at] = chance.choice(TOKENS)
            case 2:
                made[at:at] = made[at : min(to, at + 2_000)]
            case 3 if made:
                made[at % len(made)] = chance.randrange(256)
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                made[at:at] = other[start : start + 500]
            case _:
                del made[to:]
    return bytes(made)


def meet(data: bytes) -> None:
    """All that happens to a file: read, judged, shown and answered."""
    reading = read(data)
    outcome = judge(reading)
    assert outcome.accepted or (outcome.code and outcome.reason)
    as_document(reading.message)
    for one in medicines(reading.message.content, NOW.date()):
        one.is_like("Furix", "C03CA01")
    prose(reading.message.content)
    rows_of(reading.message, NOW, NOW)
    if outcome.receipt_due and reading.message.header.receiver:
        write(receipt_for(reading.message, outcome, reading.message.header.receiver, receipt_id=PARENT_ID, now=NOW))


def test_nothing_a_sender_can_send_is_an_exception():
    seed = int(os.environ.get("EPJ_FUZZ_SEED", "1"))
    chance = random.Random(seed)
    corpus = seeds()
    end = time.monotonic() + SECONDS
    rounds, before = 0, memory()
    while rounds < ROUNDS or time.monotonic() < end:
        rounds += 1
        data = mangled(chance.choice(corpus), chance, corpus)
        try:
            meet(data)
        except Exception as error:
            raise AssertionError(f"seed {seed}, round {rounds}: {data!r}") from error
    assert memory() - before < GROWTH
    print(f"seed {seed}: {rounds} files, {(memory() - before) // 1024} MB more at most")


def memory() -> int:
    """The most that this process has held so far, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
