"""A checklist as it is typed: one line a point, «!» before what must be answered."""

from typing import TypedDict

MARK = "!"


class Step(TypedDict):
    text: str
    required: bool


def read_steps(typed: str) -> list[Step]:
    """The points, in their order; empty lines are skipped."""
    lines = (line.strip() for line in typed.splitlines())
    return [Step(text=" ".join(line.lstrip(f"{MARK} ").split()), required=line.startswith(MARK)) for line in lines if line.strip(f"{MARK} ")]


def write_steps(steps: list[Step]) -> str:
    """The text that ``read_steps`` reads the same points from."""
    return "\n".join((f"{MARK} " if step["required"] else "") + step["text"] for step in steps)
