#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes elements.txt and search.txt for R5 in the form of ../r4 (see make-tables.mjs there):

    python3 make-tables.py fhir.resources-7.1.0-py2.py3-none-any.whl

The definitions are HL7's (R5 5.0.0, CC0), read out of the models that the PyPI package fhir.resources 7 was
generated with; none of its code is used. Where it cuts a list of codes short, R4's is taken if it has one.
Search parameters are those of R4 whose paths R5 still has, and the ones in CHANGED.
"""
import ast
import pathlib
import re
import sys
import zipfile

HERE = pathlib.Path(__file__).parent
HEAD = ('# SPDX-' + 'FileCopyrightText: 2026 The Meanwhile developers\n# SPDX-' + 'License-Identifier: GPL-3.0-or-later\n'
        '# Written by make-tables.py out of the FHIR R5 definitions (HL7, CC0). Do not edit.\n')

WANTED = '''AllergyIntolerance Appointment AppointmentResponse Basic Binary Bundle CapabilityStatement CarePlan CareTeam Communication
 CommunicationRequest Composition Condition Coverage Device DiagnosticReport DocumentReference Encounter Endpoint Flag Goal Group
 HealthcareService Immunization Location Medication MedicationRequest MessageHeader Observation OperationOutcome Organization
 OrganizationAffiliation Parameters Patient Practitioner PractitionerRole Procedure Provenance RelatedPerson Schedule ServiceRequest
 Slot Specimen Task'''.split()
ROOTS = ['Element', 'Reference', 'DataType', 'BackboneType', 'BackboneElement', 'Resource', 'DomainResource']

# what R5 renamed or gave another type
CHANGED = '''Appointment reason-code token reason.concept
Communication topic token topic
CommunicationRequest information-provider reference informationProvider
Encounter date date actualPeriod
Endpoint payload-type token payload.type
Organization address string contact.address
Organization address-city string contact.address.city
Organization address-country string contact.address.country
Organization address-postalcode string contact.address.postalCode
Organization address-state string contact.address.state
Organization email token contact.telecom.=email
Organization phone token contact.telecom.=phone
ServiceRequest code-concept token code.concept
ServiceRequest code-reference reference code.reference
Task requestedperformer-reference reference requestedPerformer.reference'''.split('\n')

PRIMITIVES = {'bool': 'boolean', 'Base64Binary': 'base64Binary'}


# where the models say something else than the specification; without codes, any will do
CODES = {
    'AppointmentResponse.participantStatus': 'accepted|declined|tentative|needs-action|entered-in-error',
    'Bundle.entry.search.mode': 'match|include|outcome',
    'CapabilityStatement.format': '',
}


def low(name):
    return PRIMITIVES.get(name, name[0].lower() + name[1:])


class Model:
    """One class of the package: its base and its fields, in the order of the specification"""

    def __init__(self, node):
        base = node.bases[0]
        self.base = base.attr if isinstance(base, ast.Attribute) else base.id
        self.fields = {}
        self.order = []
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call) and not item.target.id.endswith('__ext'):
                self.fields[item.target.id] = self.read(item)
            elif isinstance(item, ast.FunctionDef) and item.name == 'elements_sequence':
                self.order = ast.literal_eval(item.body[-1].value)

    @staticmethod
    def read(item):
        options = {}
        for word in item.value.keywords:
            try:
                options[word.arg] = ast.literal_eval(word.value)
            except ValueError:
                pass
        first = item.value.args[0]
        text = ast.unparse(item.annotation)
        name = re.search(r'fhirtypes\.(\w+)', text)
        kind = name.group(1) if name else 'bool'
        return {
            'name': options.get('alias', item.target.id),
            'many': text.startswith('typing.List'),
            'required': options.get('element_required', False) or (isinstance(first, ast.Constant) and first.value is Ellipsis),
            'choice': options.get('one_of_many'),
            'choice_required': options.get('one_of_many_required', False),
            'codes': options.get('enum_values'),
            'targets': options.get('enum_reference_types'),
            'kind': kind[:-4] if kind.endswith('Type') else kind,
            'complex': kind.endswith('Type'),
        }


def load(path):
    models = {}
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if re.fullmatch(r'fhir/resources/[a-z0-9]+\.py', name):
                for node in ast.parse(wheel.read(name)).body:
                    if isinstance(node, ast.ClassDef) and node.bases:
                        models.setdefault(node.name, Model(node))
    return models


def read_r4(name):
    return [line for line in (HERE.parent / 'r4' / name).read_text().split('\n') if line and line[0] != '#']


def r4_codes():
    codes, group = {}, None
    for line in read_r4('elements.txt'):
        if line[0] != ' ':
            group = line.split(' ')[0]
        elif found := re.match(r'  (\S+) . code\{(.*)\}$', line):
            codes[f'{group}.{found[1]}'] = found[2]
    return codes


class Writer:
    def __init__(self, models):
        self.models = models
        self.codes = r4_codes() | CODES
        self.groups = {}   # path → (base, {name: (cardinality, [types])})
        self.paths = {}    # class → path
        self.queue = []

    def is_nested(self, name):
        return name in self.models and self.models[name].base in ('BackboneElement', 'Element', 'BackboneType') and any(
            name.startswith(other) and name != other for other in self.models)

    def type_of(self, owner, path, field):
        kind = field['kind']
        if not field['complex']:
            name = low(kind)
            codes = field['codes']
            if f"{path}.{field['name']}" in CODES:
                known = CODES[f"{path}.{field['name']}"]
                return f'code{{{known}}}' if known else 'code'
            if name == 'code' and codes:
                if '+' in codes or any(re.search(r'[^\w.<>=!-]', code) for code in codes):
                    known = self.codes.get(f"{path}.{field['name']}")
                    return f'code{{{known}}}' if known else 'code'
                return f"code{{{'|'.join(codes)}}}"
            return name
        if kind == 'Resource':
            return 'Resource'
        if kind == 'Reference':
            targets = [t for t in field['targets'] or [] if t != 'Resource']
            return f"Reference({'|'.join(targets)})" if targets else 'Reference'
        if self.is_nested(kind) and kind not in self.paths and kind.startswith(owner):
            self.paths[kind] = f"{path}.{field['name']}"
            self.queue.append(kind)
        elif kind not in self.paths:
            self.paths[kind] = kind
            self.queue.append(kind)
        return f'@{self.paths[kind]}' if '.' in self.paths[kind] else kind

    def write(self, name):
        model, path = self.models[name], self.paths[name]
        inherited = set()
        base = model.base
        while base in self.models:
            inherited |= {f['name'] for f in self.models[base].fields.values()}
            base = self.models[base].base
        elements = {}
        for field in sorted(model.fields.values(), key=lambda f: model.order.index(f['name']) if f['name'] in model.order else 999):
            if field['name'] in inherited or field['name'] in ('resource_type', 'fhir_comments'):
                continue
            kind = self.type_of(name, path, field)
            if field['choice']:
                key = field['choice'] + '[x]'
                cardinality = '!' if field['choice_required'] else '?'
                elements.setdefault(key, (cardinality, []))[1].append(kind)
                continue
            cardinality = ('+' if field['many'] else '!') if field['required'] else ('*' if field['many'] else '?')
            elements[field['name']] = (cardinality, [kind])
        self.groups[path] = ('-' if name == 'Element' or model.base not in self.models else model.base, elements)

    def run(self):
        for name in ROOTS + WANTED:
            self.paths.setdefault(name, name)
            self.queue.append(name)
        while self.queue:
            name = self.queue.pop(0)
            if self.paths[name] not in self.groups and name in self.models:
                self.write(name)
        self.groups['Element'][1]['id'] = ('?', ['string'])
        self.groups['Resource'][1]['id'] = ('?', ['id'])

    def find(self, path):
        """the type at the end of a search path, or None"""
        steps = [s for s in path.split('.') if s[0] not in '^=']
        group, kind = steps[0], None
        for step in steps[1:]:
            kind = None
            while group in self.groups and kind is None:
                base, elements = self.groups[group]
                if step in elements:
                    kind = elements[step][1][0]
                for name, (_, kinds) in elements.items():
                    if name.endswith('[x]') and step.startswith(name[:-3]):
                        rest = step[len(name) - 3:]
                        kind = next((k for k in kinds if re.split(r'[({]', k)[0].lower() == rest.lower()), kind)
                group = base
            if kind is None:
                return None
            group = re.split(r'[({]', kind.lstrip('@'))[0]
        return kind


def main():
    writer = Writer(load(sys.argv[1]))
    writer.run()
    lines = []
    for path, (base, elements) in writer.groups.items():
        lines.append(f'{path} {base}')
        lines += [f"  {name} {cardinality} {','.join(kinds)}" for name, (cardinality, kinds) in elements.items()]
    (HERE / 'elements.txt').write_text(HEAD + '\n'.join(lines) + '\n')

    search, changed = [], {tuple(line.split(' ')[:2]) for line in CHANGED}
    for line in read_r4('search.txt') + CHANGED:
        kind, name, form, paths = line.split(' ')
        if kind not in WANTED or (line not in CHANGED and (kind, name) in changed):
            continue
        there = []
        for path in paths.split(','):
            found = writer.find(f'{kind}.{path}')
            if found is not None and not found.startswith('CodeableReference'):
                there.append(path)
        if there:
            search.append(f"{kind} {name} {form} {','.join(there)}")
    (HERE / 'search.txt').write_text(HEAD + '\n'.join(sorted(set(search))) + '\n')


main()
