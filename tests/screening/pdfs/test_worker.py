"""The worker's own loop and its limits, asked without a process of its own where that is safe."""

import io
import os
import subprocess
import sys

import pytest

from screening.pdfs import wire, worker
from screening.pdfs.pool import _Worker
from tests import hostile_pdf
from tests.pdf import make_pdf


def answers(*requests):
    """What the worker says to (head, body) pairs, and how often it granted time."""
    source, sink, granted = io.BytesIO(), io.BytesIO(), []
    for head, body in requests:
        wire.send(source, head, body)
    source.seek(0)
    worker.serve(source, sink, lambda: granted.append(1))
    sink.seek(0)
    assert len(granted) == len(requests)
    return [wire.receive(sink) for _ in requests]


def test_it_asks_for_a_file_it_does_not_hold():
    ask = {"task": "count", "key": "a"}
    said = answers((ask, b""), (ask, make_pdf(["x", "y"])), (ask, b""))
    assert [head for head, _ in said] == [{"wants": "file"}, {"count": 2}, {"count": 2}]


def test_it_holds_the_last_few_files():
    files = [({"task": "count", "key": str(n)}, make_pdf(["x"])) for n in range(worker.HELD + 1)]
    said = answers(*files, ({"task": "count", "key": "0"}, b""))
    assert said[-1][0] == {"wants": "file"}


def test_every_task_answers_with_data():
    pdf = make_pdf(["Words here", "Two"])
    key = {"key": "k"}
    picture = {"task": "picture", "number": 1, "scale": 1.0, "max_pixels": 10_000}
    (texts, _), (words, _), (stated, _), (_, drawn) = answers(
        ({"task": "texts", "numbers": [2, 1], **key}, pdf),
        ({"task": "words", "number": 1, **key}, b""),
        ({"task": "stated", **key}, b""),
        ({**picture, **key}, b""),
    )
    assert texts == {"texts": ["Two", "Words here"]}
    assert [word["text"] for word in words["words"]] == ["Words", "here"]
    assert stated == {"title": "", "dois": []}
    assert drawn[:4] == b"RIFF"


def test_a_damaged_page_is_an_empty_text_among_the_others():
    loop = hostile_pdf.looping_pages()
    (texts, _), (words, _) = answers(
        ({"task": "texts", "key": "l", "numbers": [1]}, loop),
        ({"task": "words", "key": "l", "number": 1}, b""),
    )
    assert texts == {"texts": [None]}
    assert "cannot be shown" in words["trouble"]


def test_running_out_of_memory_is_said(monkeypatch):
    def too_much(*_):
        raise MemoryError

    monkeypatch.setitem(worker._TASKS, "words", too_much)
    ((said, _),) = answers(({"task": "words", "key": "k", "number": 1}, make_pdf(["x"])))
    assert "more memory" in said["trouble"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("open('FOLDER/never-written', 'wb', 0).write(b'x')", "OSError"),
        ("import os; os.fork()", "BlockingIOError|PermissionError"),
        ("bytearray(2 * 1024 ** 3)", "MemoryError"),
    ],
)
def test_the_limited_process_can_do_no_harm(attempt, refusal, tmp_path):
    if "fork" in attempt and os.geteuid() == 0:
        pytest.skip("the limit on processes does not hold for root")
    code = (
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from screening.pdfs import worker; worker.set_limits(); worker.grant_time();"
        + attempt.replace("FOLDER", str(tmp_path))
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert any(one in done.stderr for one in refusal.split("|"))


def test_the_process_knows_nothing_of_the_installation(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    code = "import os, sys; sys.exit(3 if 'SECRET_KEY' in os.environ else 0)"
    one = _Worker((sys.executable, "-c", code))
    assert one.process.wait() == 0
    one.end()
