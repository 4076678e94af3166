# SPDX-FileCopyrightText: 2026 The Meanwhile developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The invented practice that the exchange tests put on the peer."""

ME = "Practitioner/me"


def reference(to, display=None):
    return {"reference": to, **({"display": display} if display else {})}


def concept(system, code, text=None):
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def practitioner(identifier, given, family):
    return {"resourceType": "Practitioner", "id": identifier, "active": True, "name": [{"given": [given], "family": family}]}


def patient(identifier, given, family, number):
    return {"resourceType": "Patient", "id": identifier, "active": True, "name": [{"given": [given], "family": family}],
            "identifier": [{"system": "http://practice.example/numbers", "value": number}], "gender": "female", "birthDate": "1951-07-02",
            "generalPractitioner": [reference(ME)]}


def observation(identifier, about, text, value):
    return {"resourceType": "Observation", "id": identifier, "status": "final", "code": {"text": text}, "subject": reference(about),
            "effectiveDateTime": "2026-03-01T08:00:00Z", "valueQuantity": {"value": value, "unit": "mmol/L"}}


def directory(hospital=None):
    """People and places; hospital is the base under which the hospital is reached."""
    found = [
        practitioner("me", "Ada", "Quist"), practitioner("nurse", "Benno", "Falk"), practitioner("heart", "Carla", "Rossi"),
        {"resourceType": "Organization", "id": "practice", "active": True, "name": "Harbour Practice"},
        {"resourceType": "Organization", "id": "cardiology", "active": True, "name": "Heart House"},
        {"resourceType": "Organization", "id": "insurer", "active": True, "name": "Fair Health Plan"},
        {"resourceType": "PractitionerRole", "id": "me-role", "active": True, "practitioner": reference(ME),
         "organization": reference("Organization/practice")},
        {"resourceType": "CareTeam", "id": "team", "status": "active", "name": "Harbour team", "subject": reference("Patient/p1"),
         "participant": [{"member": reference(ME)}, {"member": reference("Practitioner/nurse")}]},
    ]
    if hospital is not None:
        found += [
            {"resourceType": "Endpoint", "id": "hospital", "status": "active", "address": hospital, "payloadMimeType": ["application/fhir+json"],
             "connectionType": {"system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", "code": "hl7-fhir-rest"},
             "payloadType": [{"text": "any"}], "managingOrganization": reference("Organization/hospital")},
            {"resourceType": "Organization", "id": "hospital", "active": True, "name": "Hill Hospital", "endpoint": [reference("Endpoint/hospital")]},
        ]
    return found


def records():
    return [
        patient("p1", "Grete", "Lund", "4711"), patient("p2", "Olga", "Marsh", "4712"),
        observation("o1", "Patient/p1", "Potassium", 4.4), observation("o2", "Patient/p1", "Sodium", 139), observation("o3", "Patient/p2", "Glucose", 5.1),
        {"resourceType": "Condition", "id": "c1", "subject": reference("Patient/p1"), "code": {"text": "Atrial fibrillation"},
         "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")},
        {"resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": reference("Patient/p1"), "type": {"text": "Letter"},
         "content": [{"attachment": {"contentType": "text/plain", "data": "SGVsbG8=", "title": "Letter"}}]},
    ]


def communication(identifier, sender, text, **more):
    return {"resourceType": "Communication", "id": identifier, "status": "completed", "subject": reference("Patient/p1"), "sender": reference(sender),
            "recipient": [reference(ME)], "sent": "2026-03-02T09:00:00Z", "payload": [{"contentString": text}], **more}


def referral(identifier):
    """An order, and the Task by which it is asked for."""
    return [
        {"resourceType": "ServiceRequest", "id": f"{identifier}-order", "status": "active", "intent": "order", "subject": reference("Patient/p2"),
         "code": {"text": "Wound care"}, "requester": reference("Practitioner/heart"), "performer": [reference(ME)]},
        {"resourceType": "Task", "id": identifier, "status": "requested", "intent": "order", "focus": reference(f"ServiceRequest/{identifier}-order"),
         "code": concept("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"), "for": reference("Patient/p2"), "authoredOn": "2026-03-02T10:00:00Z",
         "requester": reference("Practitioner/heart"), "owner": reference(ME)},
    ]


def data_request(identifier):
    return {"resourceType": "Task", "id": identifier, "status": "requested", "intent": "order", "for": reference("Patient/p1"),
            "code": concept("http://hl7.org/fhir/us/davinci-cdex/CodeSystem/cdex-temp", "data-request-code"), "authoredOn": "2026-03-02T11:00:00Z",
            "requester": reference("Organization/insurer"), "owner": reference(ME),
            "input": [{"type": concept("http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp", "data-code"),
                       "valueCodeableConcept": {"text": "Progress note"}}]}


def admission():
    """An alert of the Da Vinci guide's shape."""
    entries = [
        {"resourceType": "MessageHeader", "id": "5f1c2a6e-7c41-4c52-9d5e-0a4f6f2f7a01",
         "eventCoding": {"system": "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event", "code": "notification-admit"},
         "source": {"name": "Hill Hospital", "endpoint": "https://hill.example/fhir"}, "focus": [reference("urn:uuid:5f1c2a6e-7c41-4c52-9d5e-0a4f6f2f7a02")]},
        {"resourceType": "Encounter", "id": "5f1c2a6e-7c41-4c52-9d5e-0a4f6f2f7a02", "status": "in-progress",
         "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
         "subject": reference("urn:uuid:5f1c2a6e-7c41-4c52-9d5e-0a4f6f2f7a03"), "reasonCode": [{"text": "Chest pain"}]},
        {**patient("5f1c2a6e-7c41-4c52-9d5e-0a4f6f2f7a03", "Grete", "Lund", "4711"), "generalPractitioner": []},
    ]
    del entries[2]["generalPractitioner"]
    return {"resourceType": "Bundle", "id": "admission", "type": "message", "timestamp": "2026-03-02T12:00:00Z",
            "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:5f1c2a6e-7c41-4c52-9d5e-0a4f6f2f7a04"},
            "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in entries]}


def garbage():
    """What a careless server may hold among the rest; the peer stores it without looking."""
    return [
        {"resourceType": "Communication", "id": "broken", "status": 5, "sender": [1, 2], "recipient": [reference(ME)], "payload": "nonsense", "sent": True},
        {"resourceType": "Task", "id": "broken", "status": {"a": 1}, "owner": reference(ME), "focus": [], "for": "Patient/p1", "input": [None, 3]},
        {"resourceType": "Bundle", "id": "broken", "type": ["message"], "entry": [{"resource": {"resourceType": 7}}, None, "x"]},
    ]


def inbox():
    return [communication("hello", "Practitioner/nurse", "The wound looks better. Shall I go on?"), *referral("wound"), data_request("note"), admission()]


def everything(hospital=None):
    return directory(hospital) + records() + inbox()
