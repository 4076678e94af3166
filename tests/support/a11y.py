#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a window through the accessibility bus, as a person with a screen reader would.

Needs Debian's own python3 (python3-gi, gir1.2-atspi-2.0), xdotool, and a session such as tests/support/headless.

    from a11y import Application
    app = Application('meanwhile')
    app.click('button:New')
    app.wait('label:~Saved')
    app.key('ctrl+z')

What to look for is written "role:name". The role is AT-SPI's own ("label", "text", "list item"), "button" for
anything that is pressed, or nothing for any role. The name is exact, or a part of it after "~", or a regular
expression after "/". Only what can be seen is found.

Nothing here sleeps: waiting ends with the event that brings what is waited for.

From a shell: a11y.py NAME tree | wait QUERY | gone QUERY | click QUERY | text QUERY | type QUERY TEXT | key KEYS...
"""
import re
import subprocess
import sys
import warnings

warnings.simplefilter('ignore', DeprecationWarning)
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

TIMEOUT = 20  # seconds; for a slow machine, not for a slow program
BUTTONS = ('push button', 'button', 'toggle button', 'menu item', 'check menu item', 'radio menu item', 'link')
PRESSES = ('click', 'activate', 'press', 'toggle', 'default.activate')
EVENTS = ('object:children-changed', 'object:state-changed', 'object:property-change', 'object:text-changed',
          'object:active-descendant-changed', 'window')
# GTK 4.8 tells nothing when a widget becomes visible by its parent alone; look again this often (ms).
LOOK_AGAIN = 100

Atspi.init()
Atspi.set_timeout(5000, 15000)


class NotFound(AssertionError):
    """What was looked for is not there, or did not come in time."""


def ask(call, *args, default=None):
    """The answer of an accessible that may be gone by now."""
    try:
        answer = call(*args)
    except GLib.GError:
        return default
    return default if answer is None else answer


class Node:
    """One accessible: a widget, as assistive technology sees it."""

    def __init__(self, accessible):
        self.accessible = accessible

    def __repr__(self):
        words = [self.role, repr(self.name)]
        if self.text not in ('', self.name):
            words.append('= %r' % self.text)
        words += [s for s in ('focused', 'selected', 'checked', 'expanded', 'busy') if self.has(s)]
        if not self.has('sensitive'):
            words.append('insensitive')
        return ' '.join(words)

    @property
    def role(self):
        return ask(self.accessible.get_role_name, default='')

    @property
    def name(self):
        return ask(self.accessible.get_name, default='') or self._label()

    def _label(self):
        """What its label says: newer versions of GTK name items of menus by it alone."""
        for relation in ask(self.accessible.get_relation_set, default=None) or []:
            if ask(relation.get_relation_type) == Atspi.RelationType.LABELLED_BY:
                label = Node(ask(relation.get_target, 0))
                return ask(label.accessible.get_name, default='') or label._content() or ''
        return ''

    @property
    def path(self):
        """What tells it from every other one of its program."""
        return self.accessible.path

    @property
    def description(self):
        return ask(self.accessible.get_description, default='')

    @property
    def parent(self):
        parent = ask(self.accessible.get_parent)
        return Node(parent) if parent else None

    def within(self, role):
        """Whether it is a part of something of that role."""
        parent = self.parent
        while parent is not None and parent.role != role:
            parent = parent.parent
        return parent is not None

    @property
    def children(self):
        count = ask(self.accessible.get_child_count, default=0)
        found = (ask(self.accessible.get_child_at_index, i) for i in range(count))
        return [Node(child) for child in found if child]

    @property
    def text(self):
        """The text in it; the name where it holds none."""
        text = self._content()
        return self.name if text is None else text

    def _content(self):
        text = ask(self.accessible.get_text_iface)
        if text is None:
            return None
        count = ask(Atspi.Text.get_character_count, text, default=0)
        return ask(Atspi.Text.get_text, text, 0, count, default='')

    @property
    def extents(self):
        """x, y, width, height from the corner of its window; None where it has no place."""
        component = ask(self.accessible.get_component_iface)
        e = ask(Atspi.Component.get_extents, component, Atspi.CoordType.WINDOW) if component else None
        return (e.x, e.y, e.width, e.height) if e else None

    @property
    def visible(self):
        # GTK 4.8 calls a widget visible whatever its parents are, and rows kept in reserve have no area;
        # walk() looks at the parents too.
        if not self.has('visible'):
            return False
        place = self.extents
        return place is None or (place[2] > 0 and place[3] > 0)

    def has(self, state):
        states = ask(self.accessible.get_state_set)
        return states is not None and any(s.value_nick == state for s in states.get_states())

    def walk(self):
        """Itself and everything visible in it, from the top."""
        yield self
        for child in self.children:
            if child.visible:
                yield from child.walk()

    def matches(self, query):
        role, colon, name = query.partition(':')
        if not colon:
            role, name = '', query
        if role and self.role != role and not (role == 'button' and self.role in BUTTONS):
            return False
        if not name:
            return True
        if name.startswith('~'):
            return name[1:] in self.name or name[1:] in self.text
        if name.startswith('/'):
            return bool(re.search(name[1:], self.name) or re.search(name[1:], self.text))
        return name in (self.name, self.text)

    def find_all(self, query):
        return [node for node in self.walk() if node.matches(query)]

    def texts(self):
        """Every text to be seen in it, in order, once each."""
        found = (n.text or n.name for n in self.walk())
        return list(dict.fromkeys(t for t in found if t))

    def press(self):
        """Does what a click would, without the pointer; False where it offers no such action."""
        action = ask(self.accessible.get_action_iface)
        if action is None:
            return False
        names = [ask(Atspi.Action.get_action_name, action, i, default='')
                 for i in range(ask(Atspi.Action.get_n_actions, action, default=0))]
        for name in PRESSES:
            if name in names:
                return bool(ask(Atspi.Action.do_action, action, names.index(name), default=False))
        return False

    def focus(self):
        component = ask(self.accessible.get_component_iface)
        return component is not None and bool(ask(Atspi.Component.grab_focus, component, default=False))


class Application:
    """The running program whose name on the accessibility bus contains NAME."""

    def __init__(self, name, timeout=TIMEOUT):
        self.timeout = timeout
        self.last_focus = None
        self.listener = Atspi.EventListener.new(self._event)
        for event in EVENTS:
            self.listener.register(event)
        self.loop = None
        self.node = self._until(lambda: self._lookup(name), 'a program called %r' % name)
        self.pid = ask(self.node.accessible.get_process_id, default=0)

    @staticmethod
    def _lookup(name):
        desktop = Node(Atspi.get_desktop(0))
        return next((n for n in desktop.children if name.lower() in n.name.lower()), None)

    def _event(self, event=None, *_):
        if event is not None and event.type.startswith('object:state-changed:focused') and event.detail1:
            self.last_focus = Node(event.source)
        if self.loop:
            self.loop.quit()

    def _until(self, condition, what, timeout=None):
        """Runs the main loop until CONDITION holds, looking again after every event."""
        late = []
        deadline = GLib.timeout_add(int((timeout or self.timeout) * 1000), lambda: late.append(1) or self._event())
        again = GLib.timeout_add(LOOK_AGAIN, lambda: self._event() or True)
        try:
            while True:
                got = condition()
                if got:
                    return got
                if late:
                    raise NotFound('not in time: ' + what)
                self.loop = GLib.MainLoop()
                self.loop.run()
                self.loop = None
        finally:
            GLib.source_remove(again)
            if not late:
                GLib.source_remove(deadline)

    def find_all(self, query):
        ask(self.node.accessible.clear_cache)
        return self.node.find_all(query)

    def wait(self, query, timeout=None):
        """The first match, as soon as there is one."""
        return self._until(lambda: next(iter(self.find_all(query)), None), query, timeout)

    find = wait

    def wait_gone(self, query, timeout=None):
        self._until(lambda: not self.find_all(query), 'the end of ' + query, timeout)

    def wait_for(self, condition, what, timeout=None):
        """Until CONDITION(self) is true; WHAT names it when it does not come."""
        return self._until(lambda: ask(self.node.accessible.clear_cache) or condition(self), what, timeout)

    def click(self, query, timeout=None):
        node = self.wait(query, timeout)
        if not node.press():
            self.point(node)  # GTK 4.8 gives rows and menu items no action
        return node

    def point(self, node, button=1):
        """A click of the pointer at the middle of NODE."""
        place = node.extents
        if not place:
            raise NotFound('no place on the screen: %r' % node)
        window = self._xdotool('getactivewindow').strip()
        size = dict(line.split('=') for line in self._xdotool('getwindowgeometry', '--shell', window).split())
        top = node
        while top.parent and top.role not in ('frame', 'dialog', 'window', 'alert'):
            top = top.parent
        # The X window is larger than the content by the shadow, half of it on each side; where positions count
        # from changed between GTK 4.8 and 4.18, so they are taken relative to the content.
        content = next((child.extents for child in top.children if child.extents), top.extents)
        x, y = (place[i] - content[i] + place[i + 2] // 2 + max(0, (int(size[key]) - content[i + 2]) // 2)
                for i, key in enumerate(('WIDTH', 'HEIGHT')))
        self._xdotool('mousemove', '--window', window, str(x), str(y), 'click', str(button))

    def type(self, query, text, timeout=None):
        """Types TEXT, key by key, into the first match."""
        node = self.wait(query, timeout)
        if not node.has('focused') and not node.focus():
            self.point(node)
        self._until(lambda: ask(self.node.accessible.clear_cache) or node.has('focused'), 'the focus in ' + query)
        self.write(text)
        return node

    def key(self, *keys):
        """Presses keys where the focus is: 'ctrl+n', 'Return', 'Tab'."""
        self._xdotool('key', '--delay', '12', '--', *keys)

    def write(self, text):
        """Types TEXT, key by key, where the focus is."""
        self._xdotool('type', '--delay', '12', '--', text)

    def focused(self, window=None):
        """What has the focus, in WINDOW or any; None where that is not told."""
        ask((window or self.node).accessible.clear_cache)
        if self.last_focus and self.last_focus.has('focused'):
            return self.last_focus
        return next((node for node in (window or self.node).walk() if node.has('focused')), None)

    def screen_focus(self):
        """The title of the window that keys go to; '' while there is none."""
        done = subprocess.run(['xdotool', 'getwindowfocus', 'getwindowname'], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ''

    def nameless(self, window=None):
        """What can be used but has no name: nobody who listens instead of looking could tell what it is."""
        usable = BUTTONS + ('text', 'entry', 'list item', 'check box', 'switch', 'combo box', 'spin button')
        # GTK 4.8 calls what has no name by its type
        return [n for n in (window or self.node).walk()
                if n.role in usable and n.has('focusable') and (not n.name or n.name.startswith('Gtk')) and not n.description]

    def tree(self, node=None, depth=0):
        node = node or self.node
        return '\n'.join(['  ' * depth + repr(node)] +
                         [self.tree(c, depth + 1) for c in node.children if depth < 1 or c.visible])

    @staticmethod
    def _xdotool(*args):
        return subprocess.run(['xdotool', *args], check=True, capture_output=True, text=True).stdout


def main(name, verb, *args):
    app = Application(name)
    if verb == 'tree':
        print(app.tree())
    elif verb == 'text':
        print(app.wait(*args).text)
    elif verb in ('wait', 'click', 'type', 'key'):
        getattr(app, verb)(*args)
    elif verb == 'gone':
        app.wait_gone(*args)
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except NotFound as error:
        sys.exit('a11y: %s' % error)
