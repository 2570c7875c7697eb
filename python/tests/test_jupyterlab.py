"""`%%pdl` cells in a real JupyterLab, looked at in headless Chromium."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request

import nbformat
import pytest
from conftest import wait_until
from tornado.websocket import websocket_connect

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), "chromium")

# The words of the editors' lines, each with its colour.
LOOK = """
[...document.querySelectorAll('.jp-CodeCell .cm-line')].map(line => {
  const words = {};
  for (const span of line.querySelectorAll('span')) words[span.textContent] = getComputedStyle(span).color;
  return { text: line.textContent, words };
})
"""


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab on a notebook with a cell of PDL and one of Python."""
    cells = ["%%pdl\nfn psum(a: f64[/n]) -> f64 {\n    let locsum = local sum(a)\n    return allreduce(locsum)\n}", "let = sum([1])"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, tmp_path / "cells.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=secret"]
    environment = dict(os.environ, JUPYTER_CONFIG_DIR=str(tmp_path / "config"), JUPYTER_DATA_DIR=str(tmp_path / "data"))
    with open(tmp_path / "lab.log", "w") as log:
        process = subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/api?token=secret"))
    yield f"http://127.0.0.1:{port}/lab/tree/cells.ipynb?token=secret"
    process.terminate()
    process.wait(timeout=30)


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture
def browser(tmp_path):
    """Where a headless Chromium listens."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900", "--remote-debugging-port=0"]
    process = subprocess.Popen([CHROMIUM, *options, f"--user-data-dir={tmp_path / 'chromium'}"], stderr=subprocess.DEVNULL)
    found = tmp_path / "chromium" / "DevToolsActivePort"
    wait_until(lambda: found.exists() and found.read_text())
    yield f"http://127.0.0.1:{found.read_text().splitlines()[0]}"
    process.terminate()
    process.wait(timeout=30)


async def lines(browser, url, expected):
    """The lines of the notebook's cells, when as many are there and a cell is in PDL's colours."""
    request = urllib.request.Request(f"{browser}/json/new?about:blank", method="PUT")
    page = await websocket_connect(json.loads(urllib.request.urlopen(request).read())["webSocketDebuggerUrl"])
    seen = []
    for number in range(120):
        expression = f"location.href = {json.dumps(url)}" if number == 0 else LOOK
        question = {"id": number, "method": "Runtime.evaluate", "params": {"expression": expression, "returnByValue": True}}
        await page.write_message(json.dumps(question))
        while (answer := json.loads(await page.read_message())).get("id") != number:
            pass
        seen = answer["result"]["result"].get("value", []) if number else []
        if len(seen) == expected and any("let" in line["words"] for line in seen):
            return seen
        await asyncio.sleep(0.5)
    raise AssertionError(f"the cells do not come in colours: {seen}")


def test_cells_are_coloured(lab, browser):
    found = asyncio.run(lines(browser, lab, 6))
    words = {word: colour for line in found[:5] for word, colour in line["words"].items()}
    assert {"%%pdl", "fn", "let", "local", "sum", "allreduce"} <= set(words) and "locsum" not in words, words
    assert "let" not in found[5]["words"], "the cell of Python is coloured like PDL"
