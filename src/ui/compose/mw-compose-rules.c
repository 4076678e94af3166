/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-compose-rules.h"

#include "mw-config.h"

#include <glib/gi18n-lib.h>

#define ALWAYS (MW_FIELD_PATIENT | MW_FIELD_TO | MW_FIELD_URGENCY | MW_FIELD_NOTE)
#define ALONG (MW_FIELD_RESOURCES | MW_FIELD_FILES)

/* What the form of each kind asks for. In the order of the chooser; a kind that only answers an entry
 * stands below those that a person can start. */
static const struct
{
  const char    *kind;
  MwComposeField fields;
  MwComposeField required;
} KINDS[] = {
  { MW_KIND_MESSAGE, ALWAYS | ALONG | MW_FIELD_SUBJECT, MW_FIELD_TO | MW_FIELD_NOTE },
  { MW_KIND_PUSH, ALWAYS | ALONG | MW_FIELD_SUBJECT, MW_FIELD_TO | MW_FIELD_PATIENT | ALONG },
  { MW_KIND_ASK, ALWAYS | MW_FIELD_ABOUT | MW_FIELD_BY, MW_FIELD_TO | MW_FIELD_PATIENT | MW_FIELD_ABOUT },
  { MW_KIND_REFERRAL,
    ALWAYS | ALONG | MW_FIELD_SERVICE | MW_FIELD_REASON | MW_FIELD_BY,
    MW_FIELD_TO | MW_FIELD_PATIENT | MW_FIELD_SERVICE },
  { MW_KIND_ALERT, ALWAYS | ALONG | MW_FIELD_SUBJECT, MW_FIELD_TO | MW_FIELD_NOTE },
  { MW_KIND_REQUEST, ALWAYS | ALONG, MW_FIELD_TO | MW_FIELD_NOTE },
};

/**
 * mw_compose_kinds:
 *
 * Returns: (array zero-terminated=1): the kinds that a person can start, in the order of the chooser
 */
const char *const *
mw_compose_kinds (void)
{
  static const char *const kinds[] = { MW_KIND_MESSAGE, MW_KIND_PUSH, MW_KIND_ASK, MW_KIND_REFERRAL, MW_KIND_ALERT, NULL };

  return kinds;
}

/**
 * mw_compose_fields:
 *
 * Returns: the fields that the form of this kind shows
 */
MwComposeField
mw_compose_fields (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (g_strcmp0 (KINDS[i].kind, kind) == 0)
      return KINDS[i].fields;
  return ALWAYS;
}

/**
 * mw_compose_required:
 *
 * Returns: the fields without which this kind cannot be sent; of several that go along one is enough
 */
MwComposeField
mw_compose_required (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (g_strcmp0 (KINDS[i].kind, kind) == 0)
      return KINDS[i].required;
  return MW_FIELD_TO;
}

static gboolean
has_text (const char *text)
{
  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

static gboolean
has_any (GStrv list)
{
  return list != NULL && list[0] != NULL;
}

static const char *
patient_sentence (const MwDraft *draft)
{
  if (has_text (draft->patient_name))
    return _ ("Choose the patient from the list, so that nobody else's record is meant.");
  return _ ("Choose the patient this is about.");
}

/**
 * mw_compose_problem:
 * @n_files: files that go along
 * @field: (out): the field to look at
 *
 * Returns: (nullable): a sentence that says what is still missing before this can be sent; NULL when
 *   nothing is. Where to find the recipient is not asked: that is looked up in the background
 */
const char *
mw_compose_problem (const MwDraft  *draft,
                    guint           n_files,
                    MwComposeField *field)
{
  MwComposeField required = mw_compose_required (draft->kind);

  *field = MW_FIELD_PATIENT;
  if ((required & MW_FIELD_PATIENT) && !has_text (draft->patient))
    return patient_sentence (draft);
  *field = MW_FIELD_TO;
  if ((required & MW_FIELD_TO) && !has_text (draft->to) && !has_text (draft->to_name))
    return _ ("Say who this is for. A name is enough; the address is looked up in the background.");
  *field = MW_FIELD_SERVICE;
  if ((required & MW_FIELD_SERVICE) && !has_text (draft->service))
    return _ ("Say which service the patient is referred to.");
  *field = MW_FIELD_ABOUT;
  if ((required & MW_FIELD_ABOUT) && !has_any (draft->about) && !has_text (draft->note))
    return _ ("Say what you ask for: choose something below or write it in your own words.");
  *field = MW_FIELD_RESOURCES;
  if ((required & MW_FIELD_RESOURCES) && !has_any (draft->resources) && n_files == 0 && !has_text (draft->note))
    return _ ("Choose what goes along from the record, add a file, or write a note.");
  *field = MW_FIELD_NOTE;
  if ((required & MW_FIELD_NOTE) && !has_text (draft->note) && !has_text (draft->subject) && !has_any (draft->resources) && n_files == 0)
    return _ ("There is nothing in it yet. Write a few words.");
  *field = 0;
  return NULL;
}

/**
 * mw_compose_is_empty:
 *
 * Returns: whether nothing in it would be missed
 */
gboolean
mw_compose_is_empty (const MwDraft *draft,
                     guint          n_files)
{
  return n_files == 0 && !has_text (draft->patient) && !has_text (draft->patient_name) && !has_text (draft->to) &&
         !has_text (draft->to_name) && !has_text (draft->subject) && !has_text (draft->note) && !has_text (draft->service) &&
         !has_text (draft->reason) && !has_text (draft->by) && !has_any (draft->about) && !has_any (draft->resources) &&
         draft->target == NULL;
}

/**
 * mw_compose_copy:
 *
 * Returns: (transfer full): another draft with the same content
 */
MwDraft *
mw_compose_copy (const MwDraft *draft)
{
  MwDraft *copy = mw_draft_new (draft->kind);

  copy->action = g_strdup (draft->action);
  copy->patient = g_strdup (draft->patient);
  copy->patient_name = g_strdup (draft->patient_name);
  copy->to = g_strdup (draft->to);
  copy->to_name = g_strdup (draft->to_name);
  copy->subject = g_strdup (draft->subject);
  copy->note = g_strdup (draft->note);
  copy->service = g_strdup (draft->service);
  copy->reason = g_strdup (draft->reason);
  copy->urgency = g_strdup (draft->urgency);
  copy->acting_as = g_strdup (draft->acting_as);
  copy->by = g_strdup (draft->by);
  copy->target = g_strdup (draft->target);
  copy->about = g_strdupv (draft->about);
  copy->resources = g_strdupv (draft->resources);
  return copy;
}

/**
 * mw_compose_outgoing:
 *
 * A draft keeps what was typed for other kinds, so that changing the kind loses nothing. What leaves
 * has only what the form of its own kind shows.
 *
 * Returns: (transfer full): the draft as it is to be sent
 */
MwDraft *
mw_compose_outgoing (const MwDraft *draft)
{
  MwComposeField fields = mw_compose_fields (draft->kind);
  MwDraft       *copy = mw_compose_copy (draft);

  if (!(fields & MW_FIELD_SUBJECT))
    g_clear_pointer (&copy->subject, g_free);
  if (!(fields & MW_FIELD_SERVICE))
    g_clear_pointer (&copy->service, g_free);
  if (!(fields & MW_FIELD_REASON))
    g_clear_pointer (&copy->reason, g_free);
  if (!(fields & MW_FIELD_BY))
    g_clear_pointer (&copy->by, g_free);
  if (!(fields & MW_FIELD_ABOUT))
    g_clear_pointer (&copy->about, g_strfreev);
  if (!(fields & MW_FIELD_RESOURCES) || copy->patient == NULL)
    g_clear_pointer (&copy->resources, g_strfreev);
  /* a name that was typed and not chosen says nothing about who is meant */
  if (copy->patient == NULL)
    g_clear_pointer (&copy->patient_name, g_free);
  return copy;
}

/**
 * mw_urgency_label:
 * @urgency: (nullable): routine, urgent, asap or stat
 *
 * Returns: it in plain words, translated
 */
const char *
mw_urgency_label (const char *urgency)
{
  if (g_strcmp0 (urgency, "urgent") == 0)
    return C_ ("urgency", "Urgent");
  if (g_strcmp0 (urgency, "asap") == 0)
    return C_ ("urgency", "As soon as possible");
  if (g_strcmp0 (urgency, "stat") == 0)
    return C_ ("urgency", "Immediately");
  return C_ ("urgency", "Routine");
}
