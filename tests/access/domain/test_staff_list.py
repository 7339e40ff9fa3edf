"""A file of roles: every line is read, every fault is told, and nothing is guessed."""

from datetime import date
from uuid import UUID

import pytest

from access.domain.staff_list import MOST_ROWS, Known, UnreadableFile, read_lines

NINA, MYSELF, NURSE, OTHER_NURSE, WARD, HOME, OTHER_HOME = (UUID(int=n) for n in range(1, 8))
KNOWN = Known(
    users={"nina": NINA, "meg": MYSELF}, roles={"sykepleier": [NURSE], "tvetydig": [NURSE, OTHER_NURSE]},
    units={"posten": [WARD], "hjemme": [HOME, OTHER_HOME], "hjemme, ås": [HOME]}, held=frozenset({WARD}),
    live=frozenset(), myself=MYSELF, today=date(2026, 11, 23),
)  # fmt: skip
HEAD = "brukernavn;rolle;enhet;fra;til;begrunnelse\n"


def faults(line: str, known: Known = KNOWN) -> list[str]:
    return read_lines(HEAD + line, known)[0].faults


def test_a_line_in_order_is_what_it_says():
    (line,) = read_lines(HEAD + "Nina;Sykepleier;Posten;01.12.2026;2027-01-31;Vikar", KNOWN)
    assert not line.faults
    assert (line.user, line.role, line.unit, line.first, line.last) == (NINA, NURSE, WARD, date(2026, 12, 1), date(2027, 1, 31))
    assert line.number == 2


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ukjent;sykepleier;posten;;;Vikar", "Ingen bruker"),
        ("meg;sykepleier;posten;;;Vikar", "deg selv"),
        ("nina;lege;posten;;;Vikar", "Rollen finnes ikke"),
        ("nina;tvetydig;posten;;;Vikar", "Flere roller"),
        ("nina;sykepleier;loftet;;;Vikar", "Enheten finnes ikke"),
        ("nina;sykepleier;hjemme;;;Vikar", "Flere enheter"),
        ("nina;sykepleier;hjemme, ås;;;Vikar", "forvalter ikke"),
        ("nina;sykepleier;posten;31.02.2027;;Vikar", "ikke en dato"),
        ("nina;sykepleier;posten;22.11.2026;;Vikar", "passert"),
        ("nina;sykepleier;posten;01.12.2026;30.11.2026;Vikar", "før fra-datoen"),
        ("nina;sykepleier;posten;;;", "Begrunnelsen mangler"),
    ],
)
def test_each_fault_is_told_in_words(line, fault):
    assert any(fault in one for one in faults(line)), faults(line)


def test_what_is_held_already_and_what_stands_twice_is_told():
    known = Known(**{**KNOWN.__dict__, "live": frozenset({(NINA, NURSE, WARD)})})
    assert faults("nina;sykepleier;posten;;;Vikar", known) == ["Personen har denne rollen her fra før."]
    both = read_lines(HEAD + "nina;sykepleier;posten;;;Vikar\nNINA;sykepleier;posten;;;Vikar", KNOWN)
    assert all("flere ganger" in one.faults[0] for one in both)


def test_all_faults_of_a_line_come_at_once():
    assert len(faults("ukjent;lege;loftet;x;y;")) == 6


@pytest.mark.parametrize("text", ["", "navn;rolle\nx;y", HEAD, HEAD + "\n ; ;\n", HEAD + "nina;sykepleier;posten;;;Vikar\n" * (MOST_ROWS + 1)])
def test_a_file_of_another_kind_is_not_read(text):
    with pytest.raises(UnreadableFile):
        read_lines(text, KNOWN)


def test_commas_tabs_and_a_byte_order_mark_are_taken():
    for delimiter in ",\t":
        text = "\ufeff" + (HEAD + "nina;sykepleier;posten;;;Vikar").replace(";", delimiter)
        assert not read_lines(text, KNOWN)[0].faults
