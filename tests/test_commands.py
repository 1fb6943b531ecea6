"""The command line from a council's own files to findings: what a data team types, and what it is told."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from graph.server import Connection
from graph.store import Store
from ingest import recognise
from teamaround import _table
from teamaround import main as teamaround_main

Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = """CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
101,2,14/03/2012,WBRI,A123456789012,0,
102,1,02/11/2010,MWBC,UN1,0,
103,M,20/06/2015,WBRI,,0,
"""
# 101: a legal-status row, a night in hospital and a status-only change are no placements; she lives in Coventry.
# 102: three homes in the year. 103: in Solihull.
EPISODES = """CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
101,03/05/2024,S,V2,N1,U6,PR1,10/07/2024,X1,,B13 9AA,CV1 2HL,SC100001
101,10/07/2024,L,C2,N1,U6,PR1,02/10/2024,X1,,B13 9AA,CV1 2HL,SC100001
101,02/10/2024,T,C2,N1,T1,,05/10/2024,X1,,B13 9AA,B15 2TH,
101,05/10/2024,T,C2,N1,U6,PR1,06/01/2025,X1,PLACE,B13 9AA,CV1 2HL,SC100001
101,06/01/2025,P,C2,N1,U4,PR1,,,,B13 9AA,CV1 2HL,SC100001
102,01/02/2023,S,C2,N1,U6,PR1,20/05/2024,X1,CREQB,B13 9AA,B14 7AA,SC100001
102,20/05/2024,P,C2,N1,U6,PR4,01/09/2024,X1,CREQB,B13 9AA,B28 9AA,SC100002
102,01/09/2024,P,C2,N1,K2,PR4,,,,B13 9AA,B14 7AA,SC200001
103,01/02/2023,S,C2,N1,U6,PR1,,,,B13 9AA,B91 3QB,SC100003
"""
REVIEWS = """CHILD,DOB,REVIEW,REVIEW_CODE
101,14/03/2012,29/05/2024,PN1
101,14/03/2012,20/08/2024,PN1
101,14/03/2012,12/02/2025,PN1
102,02/11/2010,15/09/2024,PN7
102,02/11/2010,10/03/2025,PN7
103,20/06/2015,10/10/2024,PN1
"""
# 101 has three workers; 102 has A, B and A again, which is two.
WORKERS = """CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON
101,14/03/2012,SW1001,03/05/2024,01/08/2024,FCONTA
101,14/03/2012,SW1002,01/08/2024,01/12/2024,TSPROC
101,14/03/2012,SW1003,01/12/2024,,MANAGE
102,02/11/2010,SW1001,01/04/2024,01/08/2024,MANAGE
102,02/11/2010,SW1002,01/08/2024,01/12/2024,ABSENC
102,02/11/2010,SW1001,01/12/2024,,ABSENC
103,20/06/2015,SW1001,01/04/2024,,MANAGE
"""
MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
FILES = {
    "header": HEADER, "episodes": EPISODES, "reviews": REVIEWS, "sw_episodes": WORKERS, "missing": MISSING,
}  # fmt: skip


def written(folder: Path, **changed: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def teamaround(store: Store, server: Connection, tmp_path: Path) -> Run:
    """The command itself, in a process of its own, on the test server."""
    env = {
        **os.environ, "TEAMAROUND_HOME": str(tmp_path / "home"), "TEAMAROUND_NEO4J_URI": server.uri,
        "TEAMAROUND_NEO4J_USER": server.user, "TEAMAROUND_NEO4J_PASSWORD": server.password,
        "TEAMAROUND_NEO4J_DATABASE": server.database,
    }  # fmt: skip

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "teamaround", *map(str, arguments)]
        return subprocess.run(command, env={**env, **more}, capture_output=True, text=True, timeout=120)

    return run


def statuses(done: subprocess.CompletedProcess[str]) -> dict[tuple[str, str], set[str]]:
    assert done.returncode == 0, done.stderr
    found: dict[tuple[str, str], set[str]] = {}
    for row in json.loads(done.stdout):
        found.setdefault((row["child"].partition("/")[2], row["rule"]), set()).add(row["status"])
    return found


@pytest.fixture(scope="module")
def return_2024(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("returns") / "2024-25")


def test_from_a_903_alone(teamaround: Run, return_2024: Path) -> None:
    loaded = teamaround("load", return_2024, "--authority", "Birmingham")
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    done = teamaround("findings", "--status", "all", "--as-at", "2025-03-31", "--format", "json")
    found = statuses(done)

    def of(child: str, rule: str) -> set[str]:
        return found[child, rule]

    assert of("101", "continuity.social_workers") == {"raised"}
    assert of("102", "continuity.social_workers") == {"clear"}, "A, B and A again is two"
    assert of("101", "continuity.placements") == {"clear"}, "a hospital night and a change of status are no placements"
    assert of("102", "continuity.placements") == {"raised"}
    assert (of("101", "area.outside_authority"), of("101", "area.at_a_distance")) == ({"raised"}, {"raised"})
    assert (of("103", "area.outside_authority"), of("103", "area.at_a_distance")) == ({"raised"}, {"clear"})
    assert of("101", "area.over_20_miles") == {"clear"}
    rows = json.loads(done.stdout)
    assert {r["status"] for r in rows if r["family"] == "silos"} == {"not assessable"} if "family" in rows[0] else True
    for child in ("101", "102", "103"):
        assert of(child, "clocks.visit") == {"not assessable"}
        for rule in ("silos.disconnected", "silos.single_point", "silos.absent_agency", "silos.plan_not_considered"):
            assert of(child, rule) == {"not assessable"}
    iro = [r for r in rows if r["rule"] == "continuity.role_gap" and r["subject"] == "role:iro"]
    assert {r["status"] for r in iro} == {"not assessable"} and all("reviewing officer" in r["reason"] for r in iro)


def test_the_path_a_council_takes(teamaround: Run, return_2024: Path) -> None:
    assert teamaround("check", return_2024).returncode == 0
    assert teamaround("load", return_2024, "--authority", "330").returncode == 0
    again = teamaround("load", return_2024, "--authority", "E08000025")
    assert again.returncode == 0 and "loaded before" in again.stderr
    analysed = teamaround("analyse", "--format", "json")
    assert analysed.returncode == 0, analysed.stderr
    counts = {row["rule"]: row for row in json.loads(analysed.stdout)}
    assert counts["continuity.social_workers"]["raised"] == 1
    asked = teamaround("ask", "findings_by_rule", "-p", "authority=Birmingham", "--format", "json")
    assert {"family": "continuity", "rule": "continuity.social_workers", "children": 1, "findings": 1} in json.loads(
        asked.stdout
    )
    team = teamaround("ask", "team_around_child", "-p", "child=101", "-p", "on=2025-03-31")
    assert "SW1003" in team.stdout, "a question takes a child's number as every command does"
    elsewhere = teamaround("ask", "children_without_social_worker", "-p", "authority=Solihull", "-p", "on=2025-03-31")
    assert elsewhere.returncode == 1 and "Nothing is loaded for Solihull yet" in elsewhere.stderr, (
        "no rows is no answer"
    )
    people = teamaround("child", "101", "--format", "csv")
    assert people.returncode == 0 and "SW1003" in people.stdout
    none = teamaround("findings", "--child", "101", "--authority", "330", "--as-at", "1990-01-01")
    assert (none.stdout, none.stderr) == ("child,rule,status,sentence,question\n", "No rows.\n")
    cohort = teamaround("cohort", "--format", "json")
    assert {(row["child"], row["how_sure"]) for row in json.loads(cohort.stdout)} <= {
        (f"E08000025/{n}", "possible") for n in (101, 102, 103)
    }
    assert "meets 4 of the 4 features" in cohort.stderr and "looked after 0 match for certain (0.0%)" in cohort.stderr


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "a missing column": ({"episodes": EPISODES.replace(",LS,", ",LEGAL,", 1)}, "LS"),
    "an unknown code": ({"episodes": EPISODES.replace("U4,PR1", "U9,PR1")}, "U9"),
    "a day there is not": ({"episodes": EPISODES.replace("03/05/2024,S", "31/02/2024,S")}, "99/99/9999"),
    "an empty file": ({"reviews": ""}, "reviews.csv"),
    "no CSV": ({"reviews": "\x00\x01\x02PK\x03\x04" * 50}, "reviews.csv"),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_what_is_wrong_is_told_and_the_rest_is_loaded(teamaround: Run, tmp_path: Path, wrong: str) -> None:
    changed, told = WRONG[wrong]
    folder = written(tmp_path / "wrong", **changed)
    checked = teamaround("check", folder)
    assert checked.returncode == 1
    assert told in checked.stdout, checked.stdout
    loaded = teamaround("load", folder, "--authority", "Birmingham")
    unusable = any(f"{name}.csv" == told for name in FILES) or wrong == "a missing column"
    assert loaded.returncode == (1 if unusable else 0), loaded.stdout + loaded.stderr
    for private in ("14/03/2012", "A123456789012", "CV1 2HL", "SW1001"):
        assert private not in checked.stdout + checked.stderr + loaded.stdout + loaded.stderr


def test_numbers_that_a_spreadsheet_spoilt_are_told_and_not_shown(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "r", **{name: re.sub(r"(?m)^10(\d),", r"1.0\1E+02,", text) for name, text in FILES.items()}
    )
    (extract,) = recognise.read([folder], "E08000025")
    assert extract.refusals and not any(file.used for file in extract.files)
    assert {refusal.found for refusal in extract.refusals} == {"9.99A?99"}


def test_what_no_one_foresaw_is_told_without_quoting_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["teamaround", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            teamaround_main()
        assert ended.value.code == 1
        return capsys.readouterr().err

    private = "14/03/2012"
    (tmp_path / "file").write_text("")
    for command in (("generate", tmp_path / "file"), ("check", "--template", tmp_path / "file"),
                    ("analyse", "--parameters", tmp_path)):  # fmt: skip
        said = told(*command)
        assert "cannot be read or written" in said and "Traceback" not in said
    monkeypatch.setattr("ingest.recognise.read", lambda *_, **__: {}[private])
    said = told("check", tmp_path)
    assert "A fault of the program itself (KeyError)" in said and "test_commands.py" in said
    assert private not in said


def test_names_to_type_are_never_cut_on_a_terminal() -> None:
    console = Console(width=60, file=io.StringIO())
    console.print(_table(["question", "asks"], [["children_without_social_worker", "Which children have " * 9]]))
    assert "children_without_social_worker " in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_child_without_a_header_row_is_kept_and_told(teamaround: Run, store: Store, tmp_path: Path) -> None:
    folder = written(tmp_path / "r", header=HEADER.replace("103,M,20/06/2015,WBRI,,0,\n", ""))
    done = teamaround("load", folder, "--authority", "Birmingham")
    assert done.returncode == 0
    assert "header" in done.stdout
    assert "E08000025/103" in store.child_ids()


def test_a_row_that_stands_twice_is_set_aside(teamaround: Run, tmp_path: Path) -> None:
    line = "103,20/06/2015,10/10/2024,PN1\n"
    folder = written(tmp_path / "r", reviews=REVIEWS + line)
    done = teamaround("check", folder)
    assert "duplicate" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["load", "{empty}", "--authority", "Birmingham"], 1, "nothing in"),
        (["load", "{empty}/not-there", "--authority", "Birmingham"], 1, "no file or folder"),
        (["load", "{return}", "--authority", "Birmingam"], 1, "Birmingham"),
        (["load", "{return}"], 2, "authority"),
        (["load", "{return}", "--authority", "330", "--covers", "2025-01-01:2024-01-01"], 2, "ends before it starts"),
        (["analyse"], 1, "Nothing is loaded"),
        (["analyse", "--as-at", "31/02/2024"], 2, "2026-03-31"),
        (["findings", "--rule", "clocks.tea"], 1, "clocks.review"),
        (["child", "4711"], 1, "no child with this number"),
        (["ask", "who_knows"], 1, "team_around_child"),
        (["ask", "team_around_child", "-p", "on=2024-01-01"], 1, "missing child"),
        (["check", "{empty}", "--report", "report.txt"], 2, "a .html or a .csv file"),
        (["analyse", "--parameters", "{empty}/none.toml"], 1, "no parameter file"),
        (["dance"], 2, "No such command"),
    ],
)
def test_what_is_typed_wrong_is_one_clear_sentence(
    teamaround: Run, return_2024: Path, tmp_path: Path, arguments: list[str], status: int, told: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = teamaround(*(a.replace("{empty}", str(empty)).replace("{return}", str(return_2024)) for a in arguments))
    assert done.returncode == status, done.stderr
    assert told in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_password_is_one_clear_sentence(teamaround: Run, return_2024: Path) -> None:
    done = teamaround("load", return_2024, "--authority", "330", TEAMAROUND_NEO4J_PASSWORD="wrong")
    assert done.returncode == 1
    assert "refused the user name or password" in done.stderr and "Traceback" not in done.stderr


def test_the_demo_never_touches_a_graph_that_is_not_its_own(teamaround: Run) -> None:
    done = teamaround("demo", "--no-browser")
    assert done.returncode == 1 and "TEAMAROUND_NEO4J_URI is set" in done.stderr


def test_house_rules_change_from_a_file_and_a_wrong_file_is_told(
    teamaround: Run, return_2024: Path, tmp_path: Path
) -> None:
    teamaround("load", return_2024, "--authority", "330")
    (tmp_path / "ours.toml").write_text("social_workers = 4\n")
    ours = teamaround("findings", "--rule", "continuity.social_workers", "--as-at", "2025-03-31", "--parameters",
                      tmp_path / "ours.toml", "--format", "json")  # fmt: skip
    assert json.loads(ours.stdout) == []
    (tmp_path / "wrong.toml").write_text("social_worker = 4\nplacements = 'three'\n")
    wrong = teamaround("findings", "--parameters", tmp_path / "wrong.toml")
    assert wrong.returncode == 1
    assert "did you mean social_workers?" in wrong.stderr and "placements takes a whole number" in wrong.stderr


def test_the_same_folder_twice_and_two_years_in_either_order(teamaround: Run, store: Store, tmp_path: Path) -> None:
    earlier = written(
        tmp_path / "2023-24",
        episodes=EPISODES.splitlines()[0] + "\n102,01/02/2023,S,C2,N1,U6,PR1,,,,B13 9AA,B14 7AA,SC100001\n"
        "103,05/05/2023,S,C2,N1,U6,PR1,10/01/2024,E4A,,B13 9AA,B91 3QB,SC100003\n",
        reviews=REVIEWS.splitlines()[0] + "\n103,20/06/2015,10/06/2023,PN1\n",
        sw_episodes=WORKERS.splitlines()[0] + "\n103,20/06/2015,SW1004,05/05/2023,10/01/2024,MANAGE\n",
    )
    later = written(tmp_path / "2024-25")
    digests = set()
    for order in ((earlier, later), (later, earlier), (later, earlier, later)):
        store.clear()
        for folder in order:
            assert teamaround("load", folder, "--authority", "330").returncode == 0
        digests.add(store.digest())
    store.clear()
    assert teamaround("load", tmp_path / "2023-24", tmp_path / "2024-25", "--authority", "330").returncode == 0
    assert digests == {store.digest()}
