/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwEndpointKind:
 * @MW_ENDPOINT_REST: a FHIR server (hl7-fhir-rest)
 * @MW_ENDPOINT_MESSAGE: a FHIR server that takes messages (hl7-fhir-msg)
 * @MW_ENDPOINT_MAIL: Direct or secure e-mail
 * @MW_ENDPOINT_OTHER: anything else: documents by IHE, images, HL7 v2 …
 */
typedef enum
{
  MW_ENDPOINT_REST = 1 << 0,
  MW_ENDPOINT_MESSAGE = 1 << 1,
  MW_ENDPOINT_MAIL = 1 << 2,
  MW_ENDPOINT_OTHER = 1 << 3,
} MwEndpointKind;

/** MW_ENDPOINT_NO_RANK: the rank of an endpoint that has none */
#define MW_ENDPOINT_NO_RANK G_MAXINT

/**
 * MwEndpoint:
 * @id: (nullable): its logical id
 * @name: (nullable): safe to show
 * @status: (nullable): as it was written
 * @kinds: MwEndpointKind flags; 0 when it does not say
 * @raw_address: (nullable): as it was written, for a log of what was read
 * @address: (nullable): the FHIR base, normalised; NULL when the address is none
 * @message_address: (nullable): where messages are sent to
 * @owner: (nullable): the literal reference of managingOrganization, or "system|value" of its identifier
 * @start: when its use began, in microseconds since 1970 UTC; G_MININT64 when it was not told
 * @end: when its use ends; G_MAXINT64 when it was not told
 * @payloads: codes of what it takes, "system|code"; empty when it takes anything or does not say
 * @takes_nothing: whether it says that it takes no payload at all
 * @environments: codes: "prod", "test" …
 * @guides: canonical URLs or names of the guides it follows
 * @fhir_version: (nullable): where a directory tells it
 * @rank: 1 is first
 *
 * An Endpoint of FHIR R4 or R5. Its "header" is not read: a stranger's directory does not say what this program sends.
 */
typedef struct
{
  char    *id;
  char    *name;
  char    *status;
  guint    kinds;
  char    *raw_address;
  char    *address;
  char    *message_address;
  char    *owner;
  gint64   start;
  gint64   end;
  GStrv    payloads;
  gboolean takes_nothing;
  GStrv    environments;
  GStrv    guides;
  char    *fhir_version;
  int      rank;
} MwEndpoint;

MwEndpoint *mw_endpoint_new (JsonNode *resource);
void        mw_endpoint_free (MwEndpoint *self);
char       *mw_endpoint_clean_address (const char *address);

/**
 * MwEndpointWish:
 * @kinds: MwEndpointKind flags that will do
 * @payload: (nullable): "system|code" of what shall be sent
 * @now: microseconds since 1970 UTC
 * @allow_loopback: whether an address on this computer will do: only when the directory itself is on it
 */
typedef struct
{
  guint       kinds;
  const char *payload;
  gint64      now;
  gboolean    allow_loopback;
} MwEndpointWish;

/**
 * MwEndpointRefusal:
 * @endpoint: the one that cannot be used
 * @reason: why, in a sentence for a person
 */
typedef struct
{
  const MwEndpoint *endpoint;
  char             *reason;
} MwEndpointRefusal;

/**
 * MwEndpointChoice:
 * @usable: (element-type MwEndpoint): the best first
 * @refused: (element-type MwEndpointRefusal): all others
 * @ambiguous: whether the first has equals that lead elsewhere, so that a person has to say which
 */
typedef struct
{
  GPtrArray *usable;
  GPtrArray *refused;
  gboolean   ambiguous;
} MwEndpointChoice;

MwEndpointChoice *mw_endpoints_choose (GPtrArray            *endpoints,
                                       const MwEndpointWish *wish);
void              mw_endpoint_choice_free (MwEndpointChoice *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwEndpoint, mw_endpoint_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwEndpointChoice, mw_endpoint_choice_free)

G_END_DECLS
