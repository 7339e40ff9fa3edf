"""What the runs with messages found, as sections of docs/benchmarks.md."""

import re
from pathlib import Path
from typing import Any

from lms_epj.bench.report import HEAD, machine
from lms_epj.core.clock import now, to_oslo

STORM, THROUGHPUT = "## Messages: the kill test", "## Messages: throughput"
# Kind of work → statements and timed parts that are it. What the log takes is taken out of them, and the commit stands by itself.
SHARES = (
    ("Store it as it came", ("gate.message_arrived", "gate.messages_durable")),
    ("Take it and open it", ("gate.inbox_claim", "gate.inbox_open")),
    ("Decode and check", ("decode and check",)),
    ("Judge", ("judge",)),
    ("Look up number, thread, addresses, patient; match", ("gate.message_known", "match")),
    ("Write the receipt and read it back", ("write the receipt",)),
    ("File it: entry, task, measure; queue the receipt", ("gate.message_settle",)),
    ("Hand the receipt over: take, open, file with fsync, note", ("gate.outbox_claim", "gate.outbox_open", "put the file out", "gate.outbox_tried")),
)


def throughput(figures: dict[str, Any], load: float) -> str:
    w, p, memory = figures["where"], figures["paced"], figures["memory"]
    costs = w["parts"] | w["calls"]
    shares = [(name, sum(costs.get(one, 0.0) for one in of)) for name, of in SHARES]
    other = w["whole"] - sum(ms for _, ms in shares) - w["commit"]
    rows = [*shares, ("Commit, four of them", w["commit"]), ("The rest of Python", other)]
    table = "\n".join(f"| {name} | {ms:.2f} | {100 * ms / w['whole']:.0f} % |" for name, ms in rows)
    spread = "\n".join(
        f"| {name} | {p[key]['median']:.2f} | {p[key]['p95']:.2f} | {p[key]['most']:.2f} |"
        for name, key in (("filed", "filed"), ("its receipt handed over", "receipted"), ("on the nurse's list", "shown"))
    )
    held = [f"{sum(memory[key]) / len(memory[key]):.0f}" for key in ("start", "in", "out")]
    return f"""{THROUGHPUT}

{to_oslo(now()):%d.%m.%Y}, {machine()}; load before: {load:.1f}. `bench messages --part throughput --count {figures["count"]}`: PostgreSQL with fsync on, {figures["workers"]} processes
that take in and send, the file transport, a professional dialogue of one paragraph. Every message is a transaction of its own, and every act in the log.

| at full speed, {figures["count"]} messages waiting | a second |
|---|--:|
| in: filed in the record, with task and measure | {figures["in"]["filed"]:.0f} |
| in: filed, and the receipt handed over | {figures["in"]["receipted"]:.0f} |
| out: handed over | {figures["out"]["sent"]:.0f} |

{p["pace"]} a second, {p["count"]} in all, of which {p["in time"]} filed and {p["on the list"]} seen on the list when it ended. Seconds from the file's arrival until it is

| | median | p95 | longest |
|---|--:|--:|--:|
{spread}

The list is the nurse's page of the unit's messages, looked at {p["looks"]} times, with a quarter of a second between.
Memory of a worker (resident, mean of {len(memory["start"])}): {held[0]} MB after {p["count"]}, {held[1]} MB after {figures["count"]} more in, {held[2]} MB after {figures["count"]} out as well.

Where the time of one goes, in and its receipt out: {w["whole"]:.1f} ms with one process and nothing beside it ({w["count"]} messages), of which {w["python"]:.1f} ms are processor time of
Python and {w["server"]:.1f} ms of PostgreSQL; the rest is waiting for the disk and for each other. {w["statements"]:.1f} statements. The five rows of the log are part of the lines below, {w["log"]:.2f} ms in all.

| | ms | share |
|---|--:|--:|
{table}
"""


def storm(outcome: dict[str, Any], load: float) -> str:
    killed = ", ".join(f"{name} {times}" for name, times in sorted(outcome["killed"].items()))
    ended = ", ".join(f"{name} {times}" for name, times in sorted(outcome["ended by themselves"].items()))
    if "sums" not in outcome:
        return f"{STORM}\n\nNo reckoning: {'; '.join(outcome['wrong'])}.\n"
    sums, right = outcome["sums"], "nothing lost, nothing doubled" if not outcome["wrong"] else "NOT RIGHT: " + "; ".join(outcome["wrong"])
    table = "\n".join(f"| {name} | {value} |" for name, value in sums.items())
    return f"""{STORM}

{to_oslo(now()):%d.%m.%Y}, {machine()}; load before: {load:.1f}. {outcome["in"]} messages in and {outcome["out"]} out ({outcome["of these at the web server"]} of these written in the form of the web server)
in {outcome["seconds of sending"]:.0f} seconds, all settled after {outcome["seconds"]:.0f}. Killed with -9 {sum(outcome["killed"].values())} times: {killed}. Ended by themselves and started again by
the supervisor: {ended or "none"}. Of what the partner sent, {outcome["lost"]} were lost on the way,
{outcome["doubled"]} came twice and {outcome["sent again"]} were sent again for want of a receipt; {outcome["stored"]} files were stored. {outcome["handed over twice"]} of ours were handed over twice, and
{outcome["requests without an answer"]} requests of the nurse's got no answer. Afterwards: {right}.

| counted | |
|---|--:|
{table}
"""


def put(path: Path, text: str) -> None:
    """Writes its section anew, at its place or at the end, and leaves the others."""
    old = path.read_text(encoding="utf-8") if path.exists() else HEAD
    title = text.split("\n", 1)[0]
    section = re.compile(rf"^{re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    new = section.sub(lambda _: text + "\n", old) if section.search(old) else f"{old.rstrip()}\n\n{text}"
    path.write_text(new.rstrip() + "\n", encoding="utf-8")
