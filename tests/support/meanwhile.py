# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the whole program share: the command line with a data folder of its own, the
counterparts that it talks to, and TAP.

A test program calls main(), which runs its unittest classes and prints TAP. The program under test is
named by MW_TEST_PROGRAM; the peer by MW_TEST_NODE and MW_TEST_PEER, which tests/run sets."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest
import urllib.request

PROGRAM = os.environ.get("MW_TEST_PROGRAM", "")
# No single command may take longer; the slowest ones wait for faults to pass
COMMAND_SECONDS = 60


class Result:
    """How a command ended."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    @property
    def document(self):
        return json.loads(self.out)

    def __str__(self):
        return f"{' '.join(self.arguments)}: exit {self.code}\nstdout: {self.out[:4000]}\nstderr: {self.err[:4000]}"


class Meanwhile:
    """The command line on a data folder."""

    def __init__(self, folder=None, **environment):
        self._own = tempfile.mkdtemp(prefix="mw-test-") if folder is None else None
        self.folder = folder or os.path.join(self._own, "data")
        self.environment = {**os.environ, "MEANWHILE_DATA_DIR": self.folder, "LC_ALL": "C.UTF-8", "TZ": "UTC",
                            "MEANWHILE_PACE": "60", **environment}

    def close(self):
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)

    def run(self, *arguments, stdin=None, timeout=COMMAND_SECONDS, **environment):
        done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, text=True, timeout=timeout,
                              env={**self.environment, **environment})
        result = Result(arguments, done.returncode, done.stdout, done.stderr)
        if done.returncode not in (0, 1, 2):
            raise AssertionError(f"the program crashed: {result}")
        return result

    def start(self, *arguments, **environment):
        """A command that goes on beside the test."""
        return subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={**self.environment, **environment})

    def ok(self, *arguments, **keywords):
        """The command's JSON document; it must end well and say nothing on stderr."""
        result = self.run(*arguments, "--json", **keywords)
        if result.code != 0 or result.err != "":
            raise AssertionError(str(result))
        return result.document

    def fails(self, *arguments, code=1, **keywords):
        """The sentence with which the command refuses; nothing may be on stdout."""
        result = self.run(*arguments, **keywords)
        if result.code != code or result.out != "" or not result.err.startswith("meanwhile: "):
            raise AssertionError(f"expected exit {code} and a sentence: {result}")
        return result.err[len("meanwhile: "):].rstrip("\n")

    def connect(self, url, *arguments):
        return self.ok("connect", url, *arguments)

    def sync(self, **keywords):
        return self.ok("sync", "--until-idle", **keywords)

    def inbox(self, *arguments):
        return self.ok("inbox", *arguments)

    def outbox(self, *arguments):
        return self.ok("outbox", *arguments)

    def show(self, identifier):
        return self.ok("show", identifier)

    def state(self, identifier):
        return self.show(identifier)["state"]

    def entry(self, **wanted):
        """The one entry of the inbox with these members."""
        found = [e for e in self.inbox() if all(e[k] == v for k, v in wanted.items())]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} entries are {wanted}: {json.dumps(self.inbox(), indent=1)}")
        return found[0]


class Process:
    """A server that prints one line of JSON when it can be reached, and ends with SIGTERM."""

    def __init__(self, command, environment, folder=None):
        self._errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, text=True,
                                        env={**os.environ, **environment}, cwd=folder)
        line = self.process.stdout.readline()
        try:
            self.ready = json.loads(line)
        except ValueError:
            self._errors.seek(0)
            raise RuntimeError(f"{command[0]} did not start: {line} {self._errors.read()}") from None

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()
        self._errors.close()


class Sandbox(Process):
    """The sandbox; places are in ready: practice, hospital, plan, me."""

    def __init__(self, speed=60, seed=13, port=0):
        super().__init__([PROGRAM, "sandbox", "--port", str(port), "--speed", str(speed), "--seed", str(seed)], {})

    def connect(self, meanwhile):
        meanwhile.connect(self.ready["practice"], "--home", "--as", self.ready["me"])
        for site in ("hospital", "plan"):
            meanwhile.connect(self.ready[site])


class Peer(Process):
    """tests/peer; base is its FHIR base."""

    def __init__(self, **settings):
        self.folder = tempfile.mkdtemp(prefix="mw-peer-")
        environment = {f"PEER_{name.upper()}": str(value) for name, value in settings.items()}
        super().__init__([os.environ["MW_TEST_NODE"], "server.mjs"],
                         {"PEER_PORT": "0", "PEER_LOG": os.path.join(self.folder, "log"), **environment}, os.environ["MW_TEST_PEER"])
        self.base = self.ready["base"]
        self._origin = self.base[:-len("/fhir")]

    def close(self):
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _request(self, method, url, body=None, headers=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/fhir+json", **(headers or {})})
        with urllib.request.urlopen(request, timeout=COMMAND_SECONDS) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def control(self, method, path, body=None):
        return self._request(method, f"{self._origin}/peer/{path}", body)

    def load(self, *resources):
        self.control("POST", "load", list(resources))

    def faults(self, *rules):
        self.control("PUT", "faults", list(rules))

    def get(self, path, token=None):
        return self._request("GET", f"{self.base}/{path}", None, {"Authorization": f"Bearer {token}"} if token else None)

    def put(self, resource):
        """Somebody else writes there, knowing the present version."""
        path = f"{resource['resourceType']}/{resource['id']}"
        version = resource.get("meta", {}).get("versionId")
        return self._request("PUT", f"{self.base}/{path}", resource, {"If-Match": f'W/"{version}"'} if version else None)

    def post(self, resource):
        return self._request("POST", f"{self.base}/{resource['resourceType']}", resource)

    def token(self):
        data = b"grant_type=client_credentials&client_id=peer-secret&client_secret=peer-secret-value&scope=system/*.cruds"
        return self._request("POST", f"{self._origin}/auth/token", data, {"Content-Type": "application/x-www-form-urlencoded"})["access_token"]

    def register(self, key_set):
        """A client that signs with the key, allowed everything."""
        wanted = {"jwks": key_set, "token_endpoint_auth_method": "private_key_jwt", "grant_types": ["client_credentials"]}
        return self._request("POST", f"{self._origin}/auth/register", wanted, {"Content-Type": "application/json"})["client_id"]

    def log(self):
        return self.control("GET", "log")

    def forget_log(self):
        self.control("DELETE", "log")

    def effects(self):
        """What was stored since the log began, by whichever request: (method, type) in order."""
        return [(effect["method"], effect["resource"].split("/")[0]) for record in self.log() for effect in record["effects"]]


def has_peer():
    return bool(os.environ.get("MW_TEST_NODE")) and bool(os.environ.get("MW_TEST_PEER"))


class Tap(unittest.TestResult):
    """Prints what happens as TAP 13."""

    def __init__(self):
        super().__init__()
        self.number = 0

    def _line(self, good, test, rest="", detail=""):
        self.number += 1
        name = test.id().removeprefix("__main__.")
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}{rest}")
        for line in detail.splitlines():
            print(f"# {line}")
        sys.stdout.flush()

    def addSuccess(self, test):
        self._line(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(False, test, detail="".join(traceback.format_exception(*err)))

    addError = addFailure

    def addSkip(self, test, reason):
        self._line(True, test, f" # SKIP {reason}")

    def addSubTest(self, test, subtest, err):
        # one that held is part of its test; one that failed is told by itself, and the test is not told again
        if err is not None:
            super().addSubTest(test, subtest, err)
            self._line(False, subtest, detail="".join(traceback.format_exception(*err)))


def main(skip=None):
    """Runs the tests of the calling program: all, or those whose names hold a word of the command line."""
    if skip is not None:
        print(f"1..0 # SKIP {skip}")
        return
    if not PROGRAM:
        sys.exit("MW_TEST_PROGRAM names the program that is tested")
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    words = sys.argv[1:]
    if words:
        def tests(one):
            return [t for part in one for t in tests(part)] if isinstance(one, unittest.TestSuite) else [one]
        suite = unittest.TestSuite(t for t in tests(suite) if any(word in t.id() for word in words))
    result = Tap()
    suite.run(result)
    print(f"1..{result.number}")
    sys.exit(0 if result.wasSuccessful() else 1)
