# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's browser, as far as a sign-in goes: opens a page, fills in its form, presses a button, follows redirects.

Beside the tests that import it, it runs as a program that a desktop takes for its browser: the address is its argument,
what it is to do is in MW_TEST_BROWSER ("allow" when that is not set)."""

import html.parser
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


class Form(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self._select = None, {}, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.action = values["action"]
        elif tag == "input":
            self.fields[values["name"]] = values["value"]
        elif tag == "select":
            self._select = values["name"]
        elif tag == "option" and (self._select not in self.fields or "selected" in values):
            self.fields[self._select] = values["value"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


OPENER = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def load(url, body=None):
    """Status, place to go to, and text of one page."""
    try:
        with OPENER.open(urllib.request.Request(url, data=body), timeout=20) as answer:
            return answer.status, None, answer.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers["Location"], answer.read().decode()


def decide(url, decision="allow", **fields):
    """Opens the server's page and decides. Returns where the browser is sent then."""
    status, place, text = load(url)
    if place is None:
        if status != 200:
            raise AssertionError(f"{status}: {text}")
        form = Form(text)
        form.fields.update(fields, decision=decision)
        status, place, text = load(form.action, urllib.parse.urlencode(form.fields).encode())
    if place is None:
        raise AssertionError(f"{status}: {text}")
    return place


def sign_in(url, decision="allow", **fields):
    """The whole way; returns the last page's status and text."""
    status, _, text = load(decide(url, decision, **fields))
    return status, text


if __name__ == "__main__":
    if os.environ.get("MW_TEST_BROWSER", "allow") != "close":
        sign_in(sys.argv[1], os.environ.get("MW_TEST_BROWSER", "allow"))
