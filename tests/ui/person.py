# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at the keyboard of the real window on the real sandbox: acts by keys alone, and looks at what a screen
reader would be told. Nothing here clicks, activates or moves the focus through the accessibility bus.

With MW_WALK_PICTURES, a folder, look() keeps pictures of the screen there."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from a11y import Application, NotFound  # noqa: E402
import meanwhile  # noqa: E402

# No page of the window has more stops of the Tab key than this
MOST_STOPS = 40


class Person:
    """The window is open while the block lasts."""

    def __init__(self, **environment):
        self.folder = tempfile.mkdtemp(prefix="mw-walk-")
        self.store = meanwhile.Meanwhile(os.path.join(self.folder, "data"))
        self.environment = {**os.environ, "MEANWHILE_DATA_DIR": self.store.folder, "LC_ALL": "C.UTF-8", "TZ": "UTC",
                            "MEANWHILE_SANDBOX_SPEED": "60", "MEANWHILE_PACE": "30", **environment}

    def __enter__(self):
        self.process = subprocess.Popen([meanwhile.PROGRAM, "--sandbox"], env=self.environment)
        self.app = Application("meanwhile")
        self.windows = []
        self.opened("Meanwhile$")
        self.wait(lambda: self.front.has("active"), "the window to have the keyboard")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What she does

    def press(self, *keys):
        self.app.key(*keys)

    def write(self, text):
        self.app.write(text)

    # What she sees

    def wait(self, condition, what, timeout=None):
        def holds():
            if self.process.poll() is not None:
                raise AssertionError(f"the program ended: {self.process.returncode}")
            if self.windows:
                self.front.accessible.clear_cache()
            return condition()
        try:
            return self.app.wait_for(lambda a: holds(), what, timeout)
        except NotFound as error:
            raise AssertionError(f"{error}\nin front: {self.app.tree(self.front) if self.windows else None}") from None

    def see(self, *queries, timeout=None):
        """All of it, in the window in front; returns the last."""
        return [self.wait(lambda: next(iter(self.front.find_all(q)), None), q, timeout) for q in queries][-1]

    @property
    def front(self):
        """The window in front."""
        return self.windows[-1]

    def opened(self, title):
        """Until a window called so stands in front."""
        known = [window.path for window in self.windows]
        self.windows.append(self.wait(lambda: next((w for w in self.app.node.children if w.path not in known and re.search(title, w.name)), None),
                                      f"a window called {title}"))

    def closed(self):
        """Until the window in front is gone. It is asked itself, not the program for its windows: GTK 4.8 crashes when
        it is asked for one that has just gone (GetChildAtIndex of its root answers with whichever was the last)."""
        window = self.windows.pop()
        self.wait(lambda: not window.role, "the end of a window")
        # GTK 4.8 tells of frames alone that they have the keyboard
        if self.front.role == "frame":
            self.wait(lambda: self.front.has("active"), "the keyboard to come back")

    def at(self, title):
        """Until the window in front is called so."""
        self.wait(lambda: re.search(title, self.front.name), f"the window to be called {title}")

    def focus(self):
        return self.app.focused(self.front)

    def focused(self, words):
        """Until the keyboard is at what is called so."""
        return self.wait(lambda: (lambda f: f if f is not None and words in f.name else None)(self.focus()), f"the keyboard at {words}")

    def rows(self, place):
        """What a screen reader says of the rows of the list, from the top; only those on screen."""
        lists = self.front.find_all(f"list:{place}")
        return [row for row in lists[0].children if row.visible and row.role == "list item"] if lists else []

    def row(self, words, place="Inbox"):
        return self.wait(lambda: next((r for r in self.rows(place) if re.search(words, r.name)), None), f"a row of {place} with {words}")

    def look(self, name):
        if os.environ.get("MW_WALK_PICTURES"):
            subprocess.run([os.environ["HEADLESS_SHOT"], os.path.join(os.environ["MW_WALK_PICTURES"], name + ".png")], check=True)

    # Ways that take several keys

    def go(self, words, key="Tab"):
        """Presses Tab until the keyboard is at what is called WORDS."""
        seen = []
        for _ in range(MOST_STOPS):
            here = self.focus()
            if here is not None and words in here.name:
                return here
            seen.append(repr(here))
            before = here.path if here is not None else None
            self.press(key)
            # an entry in a row of libadwaita 1.2 is a stop that the accessibility bus does not tell of
            self.wait(lambda: (lambda f: f is None if before is not None and f is None else f is not None and f.path != before)(self.focus()),
                      f"the keyboard to leave {here!r} on the way to {words}")
        raise AssertionError(f"{key} never comes to {words}: {seen}")

    def find(self, words, row):
        """Searches the list, and opens the first row that is found."""
        self.press("ctrl+f")
        self.focused("Search")
        self.press("ctrl+a")
        self.write(words)
        self.wait(lambda: (lambda rows: rows and re.search(row, rows[0].name))(self.rows("Inbox")), f"{row} first among what is found")
        self.press("Return")
        self.wait(lambda: (lambda f: f is not None and re.search(row, f.name) and f.has("selected"))(self.focus()), f"the keyboard at {row}")

    def place(self, key, name):
        self.press(key)
        self.at(f"^{name} ")

    def begin(self, kind, title):
        """Opens the form for something new."""
        self.press("ctrl+n")
        self.opened("^New Message$")
        self.focused("To")
        if kind != "Message":
            self.go(kind, "shift+Tab")
            self.press("space")
        self.at(f"^{title}$")
        self.all_named()

    def all_named(self):
        # within an AdwComboRow the choice is shown by a list item that no key leads to
        nameless = [n for n in self.app.nameless(self.front) if not (n.role == "list item" and n.within("combo box"))]
        if nameless:
            raise AssertionError(f"no name: {[(n, n.parent) for n in nameless]}")

    def name_patient(self, words, name):
        self.go("Patient")
        self.write(words)
        self.see(f"list item:~{name}")
        self.press("Return")
        self.focused("Change patient")

    def name_recipient(self, words, name):
        self.go("To")
        self.write(words)
        self.see(f"list item:~{name}")
        for _ in range(MOST_STOPS):
            self.press("Down")
            said = self.wait(lambda: self.focus() and self.focus().description, "the choice, said")
            if said.startswith(name):
                break
        self.press("Return")
        # Shift+Tab from here would come to the button that changes it
        self.wait(lambda: self.front.find_all("button:Change recipient"), "the recipient")

    def note(self, text, title="Note"):
        self.go(title)
        self.write(text)
        self.wait(lambda: self.front.find_all(f"text:~{text}"), "what was written")

    def name_file(self, path):
        """The file chooser of GTK takes a path that is typed, and completes it while she types, at times into itself."""
        self.write(path)
        for _ in range(5):
            self.press("End")
            self.wait(lambda: self.focus() is not None and self.focus().text.startswith("/"), "a path")
            if {self.focus().text for _ in range(3)} == {path}:
                return
            self.press("ctrl+a")
            self.write(path)
        raise AssertionError(f"wrong path: {self.focus().text}")

    def send(self):
        self.press("ctrl+Return")
        self.closed()

    # What is on disk, and at the others

    def item(self, **wanted):
        """The one item with these members."""
        found = [i for i in self.store.outbox() if all(i[k] == v for k, v in wanted.items())]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} items are {wanted}: {json.dumps(self.store.outbox(), indent=1)}")
        return self.store.show(found[0]["id"])

    def until_state(self, identifier, *states):
        def there():
            item = self.store.show(identifier)
            if item["state"] == "attention":
                raise AssertionError(f"it needs attention: {item['lastError']}")
            return item if item["state"] in states else None
        try:
            return self.wait(there, f"{identifier} to be {states}", 60)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{json.dumps(self.store.show(identifier), indent=1)}") from None

    def base(self, name):
        return next(c["url"] for c in self.store.ok("connections") if name in c["name"])

    def at_site(self, name, query):
        """The resources that a search at one of the sandbox's places finds."""
        with urllib.request.urlopen(urllib.parse.urljoin(self.base(name) + "/", query), timeout=meanwhile.COMMAND_SECONDS) as answer:
            return [e["resource"] for e in json.load(answer).get("entry", [])]


class Newcomer(Person):
    """Nothing is set up yet; there is a server that wants to know who asks."""

    def __enter__(self):
        self.sandbox = meanwhile.Sandbox(speed=1)
        self.clinic = self.sandbox.ready["clinic"]
        self.process = subprocess.Popen([meanwhile.PROGRAM], env=self.environment)
        self.app = Application("meanwhile")
        self.windows = []
        self.opened("Meanwhile$")
        # a window can be seen before it has the keyboard
        self.wait(lambda: self.front.has("active"), "the window to have the keyboard")
        return self

    def __exit__(self, *what):
        super().__exit__(*what)
        self.sandbox.close()

    def counts(self):
        with urllib.request.urlopen(self.clinic[:-len("/clinic/fhir")] + "/sandbox/auth", timeout=20) as answer:
            return json.load(answer)["clinic"]

    def connection(self):
        return self.store.ok("connections")[0]

    def knock(self):
        self.go("Connect to a Server")
        self.press("Return")
        self.opened("Connect to a Server")
        # what is typed before goes to the window behind
        self.wait(lambda: self.app.screen_focus() == "Connect to a Server", "the keyboard in the window")
        self.write(self.clinic)
        self.press("Return")
        # the server wants to know who it is: the next thing to be asked for is what it knows this program as
        self.see("label:/^This server wants to know who you are", timeout=20)
        self.look("connect-refused")

    def choose_access(self, name, place):
        """PLACE: how many kinds of access stand before it."""
        self.go("Access", "shift+Tab")
        self.press("space")
        self.wait(lambda: (lambda f: f is not None and f.role == "list item")(self.focus()), "the list of kinds of access")
        self.press("Home", *["Down"] * place, "Return")
        self.see(f"label:{name}")
