#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of this repository that no other tool knows. Prints what breaks one; exit code 1 then."""
import os
import re
import subprocess
import sys

# Which layers each layer may see; meson's include paths say the same to the compiler.
LAYERS = {
    'fhir': set(),
    'store': {'fhir'},
    'net': {'fhir'},
    'workflows': {'fhir'},
    'sandbox': {'fhir'},
    'engine': {'fhir', 'store', 'net', 'workflows'},
    'cli': {'fhir', 'store', 'net', 'workflows', 'engine', 'sandbox'},
    'ui': {'fhir', 'store', 'net', 'workflows', 'engine', 'sandbox'},
}
TOP = {'meson.build', 'meson_options.txt', 'README.md', 'LICENSES', 'data', 'src', 'po', 'tests', 'flatpak', 'icons'}
LONG = 600  # lines; beyond, a second class hides in the file
WORDS = [  # (what, where, why)
    (r'TODO|FIXME|\bXXX\b', r'^(src|tests|data|flatpak|README)', 'unfinished'),
    (r'(?<![\w$}.-])/(home|root|work|tmp)/[\w.]', r'^(src|tests|data|flatpak|po|README|meson)', 'a path of one machine'),
    (r'-----BEGIN [A-Z ]*(KEY|CERTIFICATE)-----', r'', 'a key or a certificate: they are made when they are needed'),
    (r'"resolved": *"http|registry\.(npmjs|yarnpkg|npmmirror)\.', r'', 'names a registry'),
    (r'g_main_context_iteration|g_usleep|\bsleep *\(|soup_session_send(_and_read)? *\(|g_file_get_contents',
     r'^src/(ui|engine|net)/', 'blocks'),
    (r'gtk/gtk\.h|adwaita\.h', r'^src/(fhir|store|net|workflows|engine|sandbox|cli)/', 'GTK below the window'),
    (r'json_object_get_\w*member\b|json_array_get_\w*element\b|json_node_get_(string|int|double|boolean)\b',
     r'^src/(store|net|workflows|engine|sandbox|ui|cli)/', 'reads JSON without mw-json.h'),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


def main():
    files = subprocess.run(['git', 'ls-files', '-z'], check=True, capture_output=True, text=True).stdout.split('\0')
    files = [name for name in files if name and os.path.exists(name)]
    layer_of = {os.path.basename(name): name.split('/')[1]
                for name in files if re.match(r'src/\w+/.*\.h$', name)}
    broken = ['%s: not a top-level name of this repository' % top
              for top in sorted({name.split('/')[0] for name in files} - TOP) if not top.startswith('.')]
    for name in files:
        try:
            with open(name, encoding='utf-8') as file:
                text = file.read()
        except UnicodeDecodeError:
            continue
        if name == 'tests/support/policy.py':
            continue
        for pattern, where, why in WORDS:
            if re.search(where, name):
                for hit in re.finditer(pattern, text):
                    broken.append('%s:%d: %s: %s' % (name, text.count('\n', 0, hit.start()) + 1, why, hit[0]))
        part = name.split('/')
        if part[0] == 'src' and len(part) > 2 and name.endswith(('.c', '.h')):
            for header in (os.path.basename(h) for h in INCLUDE.findall(text)):
                layer = layer_of.get(header)
                if layer and layer != part[1] and layer not in LAYERS.get(part[1], ()):
                    broken.append('%s: %s must not see %s (%s)' % (name, part[1], layer, header))
                elif layer and layer != part[1] and header.endswith('-private.h'):
                    broken.append('%s: %s belongs to %s alone' % (name, header, layer))
        if name.endswith(('.c', '.h')) and text.count('\n') > LONG:
            print('note: %s has %d lines' % (name, text.count('\n')))
    print('\n'.join(broken), end='\n' if broken else '')
    return 1 if broken else 0


if __name__ == '__main__':
    sys.exit(main())
