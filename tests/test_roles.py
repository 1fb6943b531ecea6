"""A case system's words for roles, and what a council adds to them."""

from pathlib import Path

import pytest

from graph.errors import TeamaroundError
from graph.reference import roles as reference
from ingest import roles


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Independent Reviewing Officer", "iro"),
        ("independent  reviewing officer (IRO)", "iro"),
        ("LAC Review Chair", "iro"),
        ("Child's Social Worker", "social_worker"),
        ("Childs social worker", "social_worker"),
        ("Allocated Worker", "social_worker"),
        ("CP Conference Chair", "cp_chair"),
        ("Personal Advisor", "personal_adviser"),
        ("Looked-After Children Nurse", "lac_nurse"),
        ("External Agency|GP", "gp"),
        ("Child & Adolescent Mental Health Service", "camhs"),
        ("YOT case-manager", "yot_worker"),
        ("CSE Worker", "exploitation_worker"),
        ("virtual_school", "virtual_school"),
        ("Swimming teacher", None),
        ("", None),
        (None, None),
    ],
)
def test_words_stand_for_a_role_whatever_their_case_spacing_and_punctuation(text: str | None, role: str | None) -> None:
    assert roles.default().role(text) == role


def test_the_default_knows_each_role_by_several_spellings_and_no_role_that_is_none() -> None:
    known = roles.default().by_words

    assert set(known.values()) == set(reference.roles())
    assert len(known) >= 120
    few = {role for role in reference.roles() if sum(each == role for each in known.values()) < 5}
    assert few == {"other"}


def test_the_default_says_each_words_once() -> None:
    import csv
    from importlib import resources

    text = resources.files("ingest").joinpath("role_map.csv").read_text(encoding="utf-8")
    words = [roles.folded(row["local"]) for row in csv.DictReader(text.splitlines())]

    assert len(words) == len(set(words))


def test_a_councils_map_adds_to_the_default_and_overrides_it(tmp_path: Path) -> None:
    file = tmp_path / "roles.csv"
    file.write_text("Role,Local\nIRO,Quality Champion\nreviewing officer,Allocated  worker\n")

    own = roles.read(file)

    assert own.role("quality champion") == "iro"  # a role by its code, whatever the case
    assert own.role("Allocated Worker") == "iro"  # or by its label, and the default is overridden
    assert own.role("Social Worker") == "social_worker"
    assert roles.default().role("Allocated Worker") == "social_worker"
    assert own.said() != roles.default().said()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("local,role\nChair,boss", r"row 2: “boss” is no role"),
        ("local,role\nChair,", "row 2: role is empty"),
        ("local,role\n,iro", "row 2: local is empty"),
        ("local,role\nChair,iro\nx,iro\nCHAIR,cp_chair", "row 4: the same words as row 2, with another role"),
        ("words,role\nChair,iro", "one sheet with the columns local and role"),
        ("", "It is empty"),
        ("local,role\nA,b\nB,b\nC,b\nD,b\nE,b\nF,b", "row 6: “b” is no role and 1 more"),
    ],
)
def test_a_map_with_something_wrong_is_refused_with_its_rows(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "roles.csv"
    file.write_text(lines)

    with pytest.raises(TeamaroundError, match=said):
        roles.read(file)


def test_the_same_words_twice_with_one_role_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "roles.csv"
    file.write_text("local,role\nLead Chair,iro\nLEAD CHAIR,iro\n")

    assert roles.read(file).role("lead chair") == "iro"


def test_a_map_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TeamaroundError, match="cannot be opened"):
        roles.read(tmp_path / "roles.csv")
