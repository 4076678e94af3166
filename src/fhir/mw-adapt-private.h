/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* The differences between R4 and R5 are tables: a row for each element that is not the same in both. What no
 * table names is the same, or unknown to both, and survives as it is. */

/**
 * MwAdaptShape:
 * @MW_ADAPT_SAME: the value itself, under another name or as often as the other version lets it
 * @MW_ADAPT_ONLY: one version alone has it
 * @MW_ADAPT_NEVER: both have it, but it does not mean the same
 * @MW_ADAPT_TYPE: its members differ: @detail names their table
 * @MW_ADAPT_CARRY: one version alone has it, and the other may carry it as an extension without any danger
 *   (FHIR R5 versions.html#extensions); @detail is the name of its value in an extension
 * @MW_ADAPT_FIXED: what R4 takes for granted, R5 says: always @detail
 * @MW_ADAPT_CODES: a code; @codes has what differs
 * @MW_ADAPT_CONCEPT: a CodeableConcept in R4, the concept of a CodeableReference in R5
 * @MW_ADAPT_REFERENCE: a Reference in R4, the reference of a CodeableReference in R5
 * @MW_ADAPT_VALUE_CONCEPT: likewise, in R5 one "value" deeper
 * @MW_ADAPT_VALUE_REFERENCE: likewise
 * @MW_ADAPT_CODING: a Coding in R4, a CodeableConcept in R5
 * @MW_ADAPT_CODE: a code in R4, in R5 a CodeableConcept of the system @detail; @codes are those of R4
 * @MW_ADAPT_OBJECT: in R5 inside an object, as its member @detail
 * @MW_ADAPT_BUNCH: the whole list of R4 is in R5 one object's member @detail
 * @MW_ADAPT_CONCEPT_TEXT: a string in R4, in R5 the text of the concept of a CodeableReference
 * @MW_ADAPT_INTEGER_TEXT: a number in R4, a string in R5
 * @MW_ADAPT_PARTICIPANT: a Reference in R4, in R5 a participant with the function @detail
 * @MW_ADAPT_REQUIRED: Appointment.participant.required
 * @MW_ADAPT_EVIDENCE: Condition.evidence
 * @MW_ADAPT_CONTACT: Organization.contact
 */
typedef enum
{
  MW_ADAPT_SAME,
  MW_ADAPT_ONLY,
  MW_ADAPT_NEVER,
  MW_ADAPT_TYPE,
  MW_ADAPT_CARRY,
  MW_ADAPT_FIXED,
  MW_ADAPT_CODES,
  MW_ADAPT_CONCEPT,
  MW_ADAPT_REFERENCE,
  MW_ADAPT_VALUE_CONCEPT,
  MW_ADAPT_VALUE_REFERENCE,
  MW_ADAPT_CODING,
  MW_ADAPT_CODE,
  MW_ADAPT_OBJECT,
  MW_ADAPT_BUNCH,
  MW_ADAPT_CONCEPT_TEXT,
  MW_ADAPT_INTEGER_TEXT,
  MW_ADAPT_PARTICIPANT,
  MW_ADAPT_REQUIRED,
  MW_ADAPT_EVIDENCE,
  MW_ADAPT_CONTACT,
} MwAdaptShape;

/**
 * MwAdaptFlags:
 * @MW_ADAPT_R4_LIST: may repeat in R4
 * @MW_ADAPT_R5_LIST: may repeat in R5
 * @MW_ADAPT_R4_NEEDS: must be there in R4
 * @MW_ADAPT_R5_NEEDS: must be there in R5
 */
typedef enum
{
  MW_ADAPT_SINGLE = 0,
  MW_ADAPT_R4_LIST = 1 << 0,
  MW_ADAPT_R5_LIST = 1 << 1,
  MW_ADAPT_LISTS = MW_ADAPT_R4_LIST | MW_ADAPT_R5_LIST,
  MW_ADAPT_R4_NEEDS = 1 << 2,
  MW_ADAPT_R5_NEEDS = 1 << 3,
} MwAdaptFlags;

/**
 * MwAdaptRule:
 * @r4: (nullable): the element in R4; "a.b" is in the element a, "a[0].b" in the only one of the list a
 * @r5: (nullable): the element in R5
 * @codes: (nullable): of MW_ADAPT_CODES: "-x" R4 alone has x, "+y" R5 alone has y, "x=y" is x in R4 and y in R5; of
 *   references: the types that R4 lets them have
 * @words: (nullable): the element for a person, translatable; NULL takes it apart from the name
 */
typedef struct
{
  const char  *r4;
  const char  *r5;
  MwAdaptShape shape;
  guint        flags;
  const char  *detail;
  const char  *codes;
  const char  *words;
} MwAdaptRule;

/**
 * MwAdapt:
 * @to_r5: the direction
 * @type: of the resource at hand
 * @obstacles: (element-type utf8): what stands in the way, in words
 */
typedef struct
{
  gboolean    to_r5;
  const char *type;
  GPtrArray  *obstacles;
} MwAdapt;

/**
 * MwAdaptTable:
 * @name: of the resource type, backbone element or data type
 * @rules: (array length=n_rules): in the order in which what becomes one list is put there
 * @special: (nullable): what no row can say
 */
typedef struct
{
  const char        *name;
  const MwAdaptRule *rules;
  gsize              n_rules;
  void (*special) (MwAdapt    *adapt,
                   JsonObject *object);
} MwAdaptTable;

#define MW_ADAPT_TABLE(type, rows)        \
  {                                       \
    type, rows, G_N_ELEMENTS (rows), NULL \
  }
/* the same in both versions, apart from what its parts are made of */
#define MW_ADAPT_UNCHANGED(type) \
  {                              \
    type, NULL, 0, NULL          \
  }

extern const MwAdaptTable mw_adapt_tables_care[];
extern const MwAdaptTable mw_adapt_tables_clinical[];
extern const MwAdaptTable mw_adapt_tables_people[];
extern const MwAdaptTable mw_adapt_tables_work[];
extern const MwAdaptTable mw_adapt_tables_datatypes[];

/* in mw-adapt-rows.c */
const MwAdaptTable *mw_adapt_find_table (const char *name);
const MwAdaptTable *mw_adapt_find_resource (const char *type);
void                mw_adapt_rows (MwAdapt            *self,
                                   const MwAdaptTable *table,
                                   JsonObject         *object);
void                mw_adapt_obstacle (MwAdapt    *self,
                                       const char *words,
                                       const char *element);

/* in mw-adapt-shape.c: what a row makes of one value; NULL when it is not in the shape that the row knows */
JsonNode *mw_adapt_shape (const MwAdaptRule *rule,
                          JsonNode          *value,
                          gboolean           to_r5);

G_END_DECLS
