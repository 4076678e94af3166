/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-fixture.h"

#include "mw-identity.h"
#include "mw-patient-check.h"

/* Somebody was asked about Erika Muster, Patient/p1 at home, and has not answered yet */

#define PATIENT(id, given, birth, number)                                                                                              \
  "{'resourceType':'Patient','id':'" id "','identifier':[{'system':'urn:oid:1.2.3','value':'" number "'}],'name':[{'family':'Muster'," \
  "'given':['" given "']}],'birthDate':'" birth "'}"
#define ERIKA_THERE PATIENT ("e1", "Erika", "1957-03-02", "4711")
#define JONAS PATIENT ("p2", "Jonas", "2016-05-04", "0815")

#define OPEN "SELECT count(*) FROM patient_checks WHERE decided = 0"
#define WARNED "SELECT count(*) FROM entries WHERE warning IS NOT NULL"
#define ANSWERED "SELECT count(*) FROM items WHERE state = 7"
#define ABOUT(reference) "'subject':{'reference':'" reference "'},"

G_BEGIN_DECLS

typedef struct
{
  EngineFixture engine;
  Peer         *peer;
  gint64        item;
  char         *identity;
} OtherPatientFixture;

void other_patient_fixture_set_up (OtherPatientFixture *f,
                                   gconstpointer        user_data);
void other_patient_fixture_tear_down (OtherPatientFixture *f,
                                      gconstpointer        user_data);
void other_patient_fixture_arrive (OtherPatientFixture *f,
                                   gint64               connection,
                                   const char          *first,
                                   const char          *second);
void other_patient_fixture_expect (OtherPatientFixture *f,
                                   const char          *sql,
                                   gint64               value);
void other_patient_fixture_assert_well (OtherPatientFixture *f);
void other_patient_fixture_assert_warned (OtherPatientFixture *f);
void other_patient_fixture_decide (OtherPatientFixture *f,
                                   const char          *decision,
                                   GError             **error);

G_END_DECLS
