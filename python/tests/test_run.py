"""pdlc.run, pdlc.check and their errors."""

import pickle

import numpy as np
import pdlc
import pytest

SCALED = """\
param k: f64 = 1.0
let x: f64[/n] = load("x.npy")
print "{n} numbers, sum {sum(k * x)}"
save(k * x, "u.npy")
"""


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_arrays_go_in_and_come_back(ranks):
    x = np.random.default_rng(1).integers(0, 100, 1000).astype(float)
    run = pdlc.run(source=SCALED, ranks=ranks, params={"k": np.float64(2.5)}, arrays={"x": x[::2]})
    assert run.stdout == f"500 numbers, sum {2.5 * x[::2].sum()}\n"
    np.testing.assert_array_equal(run.load("u.npy"), 2.5 * x[::2])


def test_file_with_params(tmp_path):
    program = tmp_path / "count.pdl"
    program.write_text('param n: i64 = 3\nparam loud: bool = false\nprint "{n} {loud}"\n')
    assert pdlc.run(program, ranks=2, params={"n": 7, "loud": True}).stdout == "7 true\n"


def test_compile_error_is_rendered():
    with pytest.raises(pdlc.CompileError) as caught:
        pdlc.run(source='let total = 3\nprint "{totl}"\n')
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.id, diagnostic.line, diagnostic.column) == ("unknownName", 2, 9)
    assert "2 | print \"{totl}\"\n  |         ^^^^" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_run_error_says_where(tmp_path):
    program = tmp_path / "fault.pdl"
    program.write_text('param n: i64 = 0\nprint "begun"\nlet k = 10 // n\nprint "{k}"\n')
    with pytest.raises(pdlc.RunError) as caught:
        pdlc.run(program, ranks=2)
    error = caught.value
    assert (error.file, error.line, error.message) == (str(program), 3, "integer division by zero")
    assert error.stdout == "begun\n" and error.code == 1
    assert "3 | let k = 10 // n" in str(error)
    assert pickle.loads(pickle.dumps(error)).line == 3


def test_wrong_arguments_of_the_program():
    with pytest.raises(pdlc.RunError, match="nothing"):
        pdlc.run(source="param n: i64 = 1\nprint \"{n}\"\n", params={"nothing": 1})


def test_check_lists_errors_and_nothing_for_a_right_program():
    assert pdlc.check(source="print \"1\"\n") == []
    assert [d.line for d in pdlc.check(source='print "{a}"\nprint "1"\nprint "{b}"\n')] == [1, 3]


def test_a_program_is_one_thing():
    with pytest.raises(TypeError):
        pdlc.run("a.pdl", source='print "1"')
    with pytest.raises(FileNotFoundError, match="nowhere.pdl"):
        pdlc.check("nowhere.pdl")


def test_compiler_that_is_not_there(monkeypatch):
    monkeypatch.setenv("PDLC", "/nowhere/pdlc")
    with pytest.raises(FileNotFoundError, match="/nowhere/pdlc"):
        pdlc.check(source='print "1"')
