/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-site.h"

G_BEGIN_DECLS

#define MW_NPI "http://hl7.org/fhir/sid/us-npi"
#define MW_MRN_PRACTICE "https://lakeside.example/id/mrn"
#define MW_MRN_HOSPITAL "https://stmarys.example/id/mrn"
#define MW_MRN_CLINIC "https://harbour.example/id/mrn"
#define MW_MEMBER "https://plannorth.example/id/member"
#define MW_LOINC "http://loinc.org"
#define MW_SNOMED "http://snomed.info/sct"

/** MW_ME: the clinician who tries the sandbox */
#define MW_ME "Practitioner/maren-lindqvist"

/** MW_CLINIC_ME: the clinician who signs in to the clinic */
#define MW_CLINIC_ME "Practitioner/ines-marchetti"

/* The servers and what fills them; the day is played on the first three */
typedef struct
{
  MwSite         *practice;
  MwSite         *hospital;
  MwSite         *plan;
  MwSite         *clinic;
  MwSite         *directory;
  MwSite         *county;
  MwSite         *limited;
  MwSandboxClock *clock;
  GRand          *random; /* seeded: the same world each time */
  gint64          start;  /* microseconds: when the day begins */
  guint64         seed;
} MwWorld;

/* One invented patient; ids on the three servers are made from @number */
typedef struct
{
  guint       number;
  const char *family;
  const char *given; /* (nullable): several parted by "|" */
  const char *gender;
  const char *born;
  const char *street;
  const char *language;
  const char *problems; /* keys of mw-world-problems.c, parted by a space */
  gboolean    rich;
} MwPerson;

void            mw_world_fill (MwWorld *self);
void            mw_world_add_directory (MwWorld *self,
                                        MwSite  *site);
void            mw_world_fill_clinic (MwWorld *self);
void            mw_world_fill_directory (MwWorld *self);
void            mw_world_add_namesakes (MwWorld *self);
void            mw_world_add_receiver (MwWorld    *self,
                                       MwSite     *site,
                                       const char *id,
                                       const char *person,
                                       guint       number);
char           *mw_world_npi (guint number);
void            mw_world_add_care_teams (MwWorld *self);
void            mw_world_add_patients (MwWorld *self);
void            mw_world_add_records (MwWorld        *self,
                                      const MwPerson *person);
void            mw_world_add_course (MwWorld        *self,
                                     const MwPerson *person);
gboolean        mw_person_has (const MwPerson *person,
                               const char     *problem);
MwRecord       *mw_world_write (MwWorld  *self,
                                MwSite   *site,
                                JsonNode *resource,
                                gint64    when);
void            mw_world_add_documents (MwWorld        *self,
                                        const MwPerson *person);
const MwPerson *mw_world_person (guint number);
guint           mw_world_n_people (void);
char           *mw_world_patient_id (MwSite *site,
                                     guint   number);
char           *mw_world_patient_name (guint number);
const char     *mw_world_staff_name (const char *reference);
const char     *mw_world_staff_organization (const char *reference);
const char     *mw_world_department_doctor (const char *organization);
JsonNode       *mw_world_narrative (const char *text);

/* Documents */
GBytes   *mw_pdf_new (const char *title,
                      const char *text);
JsonNode *mw_world_attachment (GBytes     *bytes,
                               const char *type,
                               const char *title);

G_END_DECLS
