#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what meson's testlog.json (the argument) says, and ends with "N passed, N failed, N skipped".

A program that speaks TAP counts for each of its cases; one that ends badly without naming a case counts as one
failure. The output of what failed is shown, and the reason of what was skipped. Exit code 1 when anything failed.
"""
import json
import re
import sys

CASE = re.compile(r'(not )?ok\b(?: (\d+))?(?: ?-)?\s*(.*?)(?:\s*#\s*(skip|todo)\w*\b[ :]*(.*))?$', re.IGNORECASE)
SHOWN = 30000  # characters of a failed program's output
CALM = ('OK', 'SKIP', 'EXPECTEDFAIL')


def tally(record):
    """(passed, failed, [reason of each skipped]) of one test program."""
    passed, failed, skipped = 0, 0, []
    tap = False
    for line in record.get('stdout', '').splitlines():
        plan = re.match(r'1\.\.(\d+)\s*(?:#\s*skip\w*[ :]*(.*))?$', line, re.IGNORECASE)
        if plan:
            tap = True
            if plan[1] == '0':
                skipped.append('%s: %s' % (record['name'], plan[2] or 'no cases'))
            continue
        case = CASE.match(line)
        if not case:
            continue
        name = '%s %s' % (record['name'], case[3])
        if (case[4] or '').lower() == 'skip':
            skipped.append('%s: %s' % (name, case[5] or 'no reason given'))
        elif case[1] and (case[4] or '').lower() != 'todo':
            failed += 1
        else:
            passed += 1
    if not tap:
        result = record['result']
        return (int(result == 'OK'), int(result not in CALM),
                [record['name']] if result in ('SKIP', 'EXPECTEDFAIL') else [])
    if record['result'] not in CALM and not failed:
        failed = 1
    return passed, failed, skipped


def main(log):
    passed = failed = 0
    skipped = []
    with open(log, encoding='utf-8') as lines:
        for line in lines:
            record = json.loads(line)
            good, bad, left_out = tally(record)
            passed += good
            failed += bad
            skipped += left_out
            if bad:
                print('FAILED: %s (%s, %.1f s)' % (record['name'], record['result'], record.get('duration', 0)))
                for part in ('stdout', 'stderr'):
                    text = record.get(part, '').rstrip()
                    if text:
                        print(('[...]' if len(text) > SHOWN else '') + text[-SHOWN:])
                print()
    for name in skipped:
        print('skipped: ' + name)
    if passed + failed == 0:
        print('no test ran')
        failed = 1
    print('%d passed, %d failed, %d skipped' % (passed, failed, len(skipped)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
