"""The scenarios of the statistical review as an installation starts with them (3.8). Data: log reviewers change weight and threshold on screen."""

# scenario: weight, threshold (in the unit that access.selectors.findings names; None where there is no limit)
RULES: dict[str, tuple[int, int | None]] = {
    "own_record": (900, None),
    "colleague": (400, None),
    "same_address": (400, None),
    "arrival_in_vain": (300, None),
    "off_duty": (300, None),
    "many_patients": (250, 40),
    "opened_block": (250, None),
    "emergency_no_note": (250, 24),
    "same_name": (200, 200),
    "self_opened": (150, None),
    "after_discharge": (150, 3),
    "other_municipality": (150, None),
    "no_note": (60, 24),
    "usual": (-150, 3),
    # From which score a look-up is lifted out for a human to look at.
    "work_list": (0, 300),
}
