# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A FHIR server of a few lines, for what the sandbox and the peer cannot be: one that holds whatever it is
given, says anything of itself, is not there for a while, or is no FHIR server at all."""

import http.server
import json
import ssl
import threading
import urllib.parse
import urllib.request

PAGE = 20
# It says that it can search by these, and gives everything: more than was asked for must do no harm
REFERENCES = ("patient", "owner", "requester", "recipient", "sender", "performer", "general-practitioner")


def capability(types, version="4.0.1"):
    resources = [{"type": name, "interaction": [{"code": code} for code in ("read", "search-type", "create", "update")], "conditionalCreate": True,
                  "searchParam": [{"name": "_lastUpdated", "type": "date"}, {"name": "identifier", "type": "token"}]
                  + [{"name": parameter, "type": "reference"} for parameter in REFERENCES]} for name in types]
    return {"resourceType": "CapabilityStatement", "status": "active", "date": "2026-01-01", "kind": "instance", "fhirVersion": version,
            "format": ["json"], "rest": [{"mode": "server", "resource": resources}]}


def fetch(url, body=None):
    """JSON from another server: by GET, or by POST when there is something to say."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"}), timeout=20) as answer:
        return json.loads(answer.read())


class Server:
    """resources: {type: [resource, …]}; replies: {path: (status, content type, text)} says something else instead;
    headers: {path: {name: value}} goes along with it. client_authority: a file; who calls must show a certificate of it."""

    def __init__(self, resources=None, metadata=None, replies=None, certificate=None, client_authority=None):
        self.resources = resources if resources is not None else {}
        self.metadata = metadata if metadata is not None else capability(sorted(self.resources))
        self.replies = replies if replies is not None else {}
        self.certificate = certificate
        self.client_authority = client_authority
        self.created = []
        self.requests = []
        self.bodies = []
        self.gates = {}
        self.headers = {}
        self.port = 0
        self.start()

    @property
    def url(self):
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/fhir"

    def start(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self):
                outer.answer(self)

            do_POST = do_PUT = do_GET

            def log_message(self, *_):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that hangs up is no fault of the test

        self._http = Listener(("127.0.0.1", self.port), Handler)
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            if self.client_authority:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(self.client_authority)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self):
        """From now on nobody listens there; start() brings it back at the same address."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def gate(self, path):
        """The next request there, "POST Task" or of any method "Task", waits: (an event that says it has come, one that
        lets it go on)."""
        self.gates[path] = threading.Event(), threading.Event()
        return self.gates[path]

    def answer(self, call):
        parts = urllib.parse.urlsplit(call.path)
        path = parts.path.removeprefix("/fhir").strip("/")
        query = urllib.parse.parse_qs(parts.query)
        body = call.rfile.read(int(call.headers.get("Content-Length") or 0))
        self.requests.append((call.command, path, dict(call.headers)))
        self.bodies.append((call.command, path, body))
        for gate in (path, f"{call.command} {path}"):
            if gate in self.gates:
                entered, opened = self.gates.pop(gate)
                entered.set()
                opened.wait()
        if path in self.replies:
            status, kind, text = self.replies[path]
        else:
            status, resource = self._fhir(call.command, path, query, body, call.headers)
            kind, text = "application/fhir+json", resource if isinstance(resource, str) else json.dumps(resource)
        data = text.encode("utf-8", "surrogatepass")
        call.send_response(status)
        call.send_header("Content-Type", kind)
        call.send_header("Content-Length", str(len(data)))
        for name, value in self.headers.get(path, {}).items():
            call.send_header(name, value)
        call.end_headers()
        call.wfile.write(data)

    def _fhir(self, method, path, query, body, headers):
        if path == "metadata":
            return 200, self.metadata
        if method == "POST" and path.endswith("/_search"):
            kind = path.removesuffix("/_search")
            return 200, self._page(kind, self.resources.get(kind, []), {})
        if method == "POST":
            return self._create(path, json.loads(body), headers)
        kind, _, identifier = path.partition("/")
        held = self.resources.get(kind, [])
        if identifier:
            for resource in held:
                if isinstance(resource, dict) and resource.get("id") == identifier:
                    return 200, resource
            return 404, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]}
        return 200, self._page(kind, held, query)

    def _page(self, kind, held, query):
        first = int(query.get("_page", ["0"])[0])
        # a text among the resources is sent as it is: bytes that are no JSON
        entries = ",".join('{"resource":' + (r if isinstance(r, str) else json.dumps(r)) + "}" for r in held[first:first + PAGE])
        links = [{"relation": "next", "url": self.next_page(kind, first + PAGE)}] if first + PAGE < len(held) else []
        return f'{{"resourceType":"Bundle","type":"searchset","link":{json.dumps(links)},"entry":[{entries}]}}'

    def next_page(self, kind, first):
        return f"{self.url}/{kind}?_page={first}"

    def _create(self, kind, resource, headers):
        condition = headers.get("If-None-Exist")
        for known, old in self.created:
            if condition and known == condition:
                return 200, old
        resource["id"] = f"n{len(self.created) + 1}"
        self.created.append((condition, resource))
        self.resources.setdefault(kind, []).append(resource)
        return 201, resource
