"""A bar in the notebook for a program that runs: what it writes to its status file, until it ends."""

import contextvars
import json
import re
import threading

_EVERY = 0.25  # seconds


def status_file(source, folder):
    """Where a program shall write its status; None where `--status` is a parameter of its own."""
    return None if re.search(r"^\s*param\s+status\b", source, re.MULTILINE) else folder / ".status.json"


def words(status):
    """A status in words: `line 5: 45 %, 9 of 20, 34.2/s, 0.3 s left`."""
    if "line" not in status:
        return ""
    done, total = status["done"], status.get("total")
    parts = [f"{done} turns"] if not total else [f"{100 * done // total} %", f"{done} of {total}"]
    parts.append(f"{status['rate']:.1f}/s")
    if "left" in status:
        parts.append(f"{status['left']:.1f} s left")
    return f"line {status['line']}: " + ", ".join(parts)


class _Shown:
    """A status as notebooks and terminals show it."""

    def __init__(self, status):
        self._status = status

    def _repr_html_(self):
        text, total = words(self._status), self._status.get("total")
        bar = f'<progress value="{self._status["done"]}" max="{total}"></progress> ' if text and total else ""
        return bar + text

    def __repr__(self):
        return words(self._status)


class Bar:
    """While it is entered, a display of the status in a file follows it; at the end nothing is left of it."""

    def __init__(self, path, display):
        self._path, self._display, self._handle = path, display, None
        self._over = threading.Event()

    def __enter__(self):
        # What is displayed belongs to the cell that is running, which the context knows.
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._follow,), daemon=True)
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self._path.unlink(missing_ok=True)
        if self._handle is not None:
            self._handle.update(_Shown({}))

    def _follow(self):
        while not self._over.wait(_EVERY):
            try:
                status = json.loads(self._path.read_text())
            except (OSError, ValueError):
                continue
            if "line" not in status:
                continue
            if self._handle is None:
                self._handle = self._display(_Shown(status), display_id=True)
            else:
                self._handle.update(_Shown(status))
