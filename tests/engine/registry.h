/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-fixture.h"

#define RECORD(id, given, birth, number)                                                                                           \
  "\"resource\":{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"identifier\":[{\"system\":\"urn:oid:1.2.3\",\"value\":\"" number \
  "\"}],\"name\":[{\"family\":\"Muster\",\"given\":[\"" given "\"]}],\"birthDate\":\"" birth "\"}"
#define GRADE(grade, score)                                                                                                              \
  ",\"search\":{\"mode\":\"match\",\"score\":" score ",\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/match-grade\"," \
  "\"valueCode\":\"" grade "\"}]}"
#define BUNDLE(entries) "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" entries "]}"

#define ERIKA "{" RECORD ("e1", "Erika", "1957-03-02", "4711")
#define NAMESAKE "{" RECORD ("e2", "Erika", "1957-03-02", "9999")

/* A server that knows patients, in front of a ledger for all else */
typedef struct
{
  Peer *peer;
  guint match_status; /* 0: 200 */
  guint form_status;  /* of a search by a form; 0: 200 */
  char *match;
  char *found;         /* of a search */
  guint member_status; /* of $member-match; 0: 200 */
  char *member;
  guint n_member;
  guint n_match;
  guint n_search;
  guint n_get;    /* searches by a URL */
  guint n_in_url; /* requests with a number or a name of the patient in the URL */
} Registry;

void     registry_begin (Registry      *self,
                         EngineFixture *f,
                         PeerFlags      flags,
                         const char    *match,
                         const char    *found);
void     registry_end (Registry      *self,
                       EngineFixture *f);
MwDraft *registry_draft (EngineFixture *f,
                         Registry      *registry);
gint64   registry_message (EngineFixture *f,
                           Registry      *registry);
gboolean registry_is_about (EngineFixture *f,
                            gint64         item,
                            const char    *reference);
void     registry_take (EngineFixture *f,
                        gint64         item,
                        const char    *value);
