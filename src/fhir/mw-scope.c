/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-scope.h"

#include "mw-reference.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The letters in the order the grammar demands; bit i of a mask is letters[i] */
static const char letters[] = "cruds";

enum
{
  CREATE = 1 << 0,
  READ = 1 << 1,
  UPDATE = 1 << 2,
  DELETE = 1 << 3,
  SEARCH = 1 << 4,
};

/* One scope: on resources when @mask is not 0, else only its own @text */
typedef struct
{
  char *text;
  char *context;
  char *type;
  guint mask;
  GStrv query;
} Scope;

static void
scope_free (gpointer data)
{
  Scope *self = data;

  g_free (self->text);
  g_free (self->context);
  g_free (self->type);
  g_strfreev (self->query);
  g_free (self);
}

/* Returns: what follows the dot as a mask; 0 when it is not in the grammar (".dus", ".rw") */
static guint
parse_access (const char *text,
              gsize       length)
{
  static const struct
  {
    const char *word;
    guint       mask;
  } version_1[] = {
    { "read", READ | SEARCH },
    { "write", CREATE | UPDATE | DELETE },
    { "*", CREATE | READ | UPDATE | DELETE | SEARCH },
  };
  const char *next = letters;
  guint       mask = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (version_1); i++)
    if (strlen (version_1[i].word) == length && strncmp (version_1[i].word, text, length) == 0)
      return version_1[i].mask;
  for (gsize i = 0; i < length; i++)
    {
      const char *letter = strchr (next, text[i]);

      if (letter == NULL || *letter == '\0')
        return 0;
      mask |= 1u << (letter - letters);
      next = letter + 1;
    }
  return mask;
}

/* Returns: (transfer full): "name=value" parts, percent-decoding undone so that spellings compare */
static GStrv
parse_query (const char *text)
{
  GStrv parts = g_strsplit (text, "&", 100);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *plain = g_uri_unescape_string (parts[i], NULL);

      if (plain != NULL)
        {
          g_free (parts[i]);
          parts[i] = plain;
        }
    }
  return parts;
}

static Scope *
scope_new (const char *text)
{
  static const char *const contexts[] = { "patient", "user", "system" };
  Scope                   *self = g_new0 (Scope, 1);
  const char              *slash = strchr (text, '/');
  const char              *query = strchr (text, '?');
  const char              *end = query != NULL ? query : text + strlen (text);
  const char              *dot = slash != NULL ? memchr (slash, '.', (gsize) MAX (end - slash, 0)) : NULL;

  self->text = g_strdup (text);
  if (dot == NULL)
    return self;
  for (gsize i = 0; i < G_N_ELEMENTS (contexts); i++)
    if (strlen (contexts[i]) == (gsize) (slash - text) && g_str_has_prefix (text, contexts[i]))
      self->context = g_strdup (contexts[i]);
  self->type = g_strndup (slash + 1, (gsize) (dot - slash - 1));
  if (self->context == NULL || (!g_str_equal (self->type, "*") && !mw_reference_is_type_name (self->type, strlen (self->type))))
    return self;
  self->mask = parse_access (dot + 1, (gsize) (end - dot - 1));
  if (query != NULL && query[1] != '\0')
    self->query = parse_query (query + 1);
  return self;
}

/* Returns: (transfer full): the Scopes of a list, each once */
static GPtrArray *
parse_list (const char *list)
{
  GPtrArray *scopes = g_ptr_array_new_with_free_func (scope_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) words = NULL;
  g_autofree char *head = g_strndup (list != NULL ? list : "", MW_SCOPE_MAX_LENGTH);

  words = g_strsplit_set (head, " \t\r\n", -1);
  for (gsize i = 0; words[i] != NULL && scopes->len < MW_SCOPE_MAX; i++)
    if (*words[i] != '\0' && g_utf8_validate (words[i], -1, NULL) && g_hash_table_add (seen, words[i]))
      g_ptr_array_add (scopes, scope_new (words[i]));
  return scopes;
}

/* A grant that is narrowed by a query serves only what was asked for at least as narrowly */
static gboolean
query_allows (const Scope *granted,
              const Scope *wanted)
{
  for (gsize i = 0; granted->query != NULL && granted->query[i] != NULL; i++)
    if (*granted->query[i] != '\0' &&
        (wanted->query == NULL || !g_strv_contains ((const char *const *) wanted->query, granted->query[i])))
      return FALSE;
  return TRUE;
}

/* Returns: the letters of @wanted that no grant covers; of what is no scope on resources all or nothing */
static guint
uncovered (GPtrArray   *granted,
           const Scope *wanted)
{
  guint left = wanted->mask != 0 ? wanted->mask : G_MAXUINT;

  for (guint i = 0; i < granted->len && left != 0; i++)
    {
      const Scope *grant = g_ptr_array_index (granted, i);

      if (g_str_equal (grant->text, wanted->text))
        return 0;
      if (wanted->mask == 0 || grant->mask == 0 || !g_str_equal (grant->context, wanted->context))
        continue;
      if (!g_str_equal (grant->type, "*") && !g_str_equal (grant->type, wanted->type))
        continue;
      if (query_allows (grant, wanted))
        left &= ~grant->mask;
    }
  return left;
}

/**
 * mw_scope_covers:
 * @granted: (nullable): the list that the server granted
 * @wanted_one: one scope
 *
 * The letters may come from several grants together. "user/" does not stand in for "patient/" or "system/",
 * nor the other way round: they mean other data.
 *
 * Returns: whether all of @wanted_one is granted
 */
gboolean
mw_scope_covers (const char *granted,
                 const char *wanted_one)
{
  g_auto (GStrv) left = NULL;

  g_return_val_if_fail (wanted_one != NULL, FALSE);

  left = mw_scope_missing (granted, wanted_one);
  return left[0] == NULL;
}

static char *
spell_v2 (const Scope *scope,
          guint        mask)
{
  const char *query = strchr (scope->text, '?');
  GString    *text = g_string_new (NULL);

  g_string_append_printf (text, "%s/%s.", scope->context, scope->type);
  for (gsize i = 0; letters[i] != '\0'; i++)
    if ((mask & (1u << i)) != 0)
      g_string_append_c (text, letters[i]);
  if (query != NULL)
    g_string_append (text, query);
  return g_string_free (text, FALSE);
}

/**
 * mw_scope_missing:
 * @granted: (nullable): the list that the server granted
 * @wanted: (nullable): the list that is needed
 *
 * Returns: (transfer full): what of @wanted was not granted, in its order and spelt as version 2; of a scope
 *   that was granted in part only the missing letters. Empty when nothing is missing
 */
GStrv
mw_scope_missing (const char *granted,
                  const char *wanted)
{
  g_autoptr (GPtrArray) grants = parse_list (granted);
  g_autoptr (GPtrArray) wants = parse_list (granted != NULL ? wanted : NULL);
  GPtrArray *missing = g_ptr_array_new ();

  for (guint i = 0; i < wants->len; i++)
    {
      const Scope *want = g_ptr_array_index (wants, i);
      guint        left = uncovered (grants, want);

      if (left != 0)
        g_ptr_array_add (missing, want->mask != 0 ? spell_v2 (want, left) : g_strdup (want->text));
    }
  g_ptr_array_add (missing, NULL);
  return (GStrv) g_ptr_array_free (missing, FALSE);
}

/* What cannot be done, each with the letters it needs; the first that fits takes its letters away */
static const struct
{
  guint mask;
  guint takes;
} verbs[] = {
  { READ | SEARCH, READ | SEARCH },
  { READ, READ },
  { SEARCH, SEARCH },
  { CREATE | UPDATE, CREATE | UPDATE | DELETE },
  { CREATE, CREATE },
  { UPDATE, UPDATE },
  { DELETE, DELETE },
};

static char *
verb_sentence (guint       mask,
               const char *types)
{
  switch (mask)
    {
    case READ | SEARCH:
      /* Translators: what a program may not do at a server; %s are kinds of records, such as "Task, Patient" */
      return g_strdup_printf (_ ("May not read %s."), types);
    case READ:
      /* Translators: %s are kinds of records; they may be searched for, but not fetched one by one */
      return g_strdup_printf (_ ("May not open %s."), types);
    case SEARCH:
      /* Translators: %s are kinds of records, such as "Task, Patient" */
      return g_strdup_printf (_ ("May not search for %s."), types);
    case CREATE | UPDATE:
      /* Translators: %s are kinds of records, such as "Task, Patient" */
      return g_strdup_printf (_ ("May not write %s."), types);
    case CREATE:
      /* Translators: %s are kinds of records, such as "Task, Patient" */
      return g_strdup_printf (_ ("May not create %s."), types);
    case UPDATE:
      /* Translators: %s are kinds of records, such as "Task, Patient" */
      return g_strdup_printf (_ ("May not change %s."), types);
    case DELETE:
    default:
      /* Translators: %s are kinds of records, such as "Task, Patient" */
      return g_strdup_printf (_ ("May not delete %s."), types);
    }
}

static void
add_word (GPtrArray  *words,
          const char *word)
{
  if (!g_ptr_array_find_with_equal_func (words, word, g_str_equal, NULL))
    g_ptr_array_add (words, g_strdup (word));
}

/* The types keep FHIR's names: they are what an administrator has to look for at the server */
static void
name_verbs (const Scope *scope,
            GPtrArray   *types[])
{
  const char *name = g_str_equal (scope->type, "*") ? _ ("records of any kind") : scope->type;
  guint       left = scope->mask;

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if ((left & verbs[i].mask) == verbs[i].mask)
      {
        left &= ~verbs[i].takes;
        add_word (types[i], name);
      }
}

/* Appends and frees @sentence */
static void
add_sentence (GString *text,
              char    *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

/* Returns: (transfer full) (nullable): the words of a list */
static char *
join (GPtrArray *words)
{
  if (words->len == 0)
    return NULL;
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (GStrv) words->pdata);
}

/* What is no scope on resources */
static void
name_other (const Scope *scope,
            gboolean    *identity,
            gboolean    *offline,
            GPtrArray   *others)
{
  g_autofree char *name = mw_text_line (scope->text);

  if (g_str_equal (scope->text, "openid") || g_str_equal (scope->text, "fhirUser"))
    *identity = TRUE;
  else if (g_str_equal (scope->text, "offline_access"))
    *offline = TRUE;
  else if (name != NULL)
    add_word (others, name);
}

/**
 * mw_scope_missing_text:
 * @missing: (nullable): what mw_scope_missing() gave
 *
 * Returns: (transfer full) (nullable): what is not allowed, in sentences for a person: "May not write Task.";
 *   NULL when nothing is missing
 */
char *
mw_scope_missing_text (GStrv missing)
{
  g_autofree char *list = missing != NULL ? g_strjoinv (" ", missing) : NULL;
  g_autofree char *other_names = NULL;
  g_autoptr (GPtrArray) scopes = parse_list (list);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *types[G_N_ELEMENTS (verbs)];
  GString   *text = g_string_new (NULL);
  gboolean   identity = FALSE, offline = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    types[i] = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < scopes->len; i++)
    {
      const Scope *scope = g_ptr_array_index (scopes, i);

      if (scope->mask != 0)
        name_verbs (scope, types);
      else
        name_other (scope, &identity, &offline, others);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *names = join (types[i]);

      if (names != NULL)
        add_sentence (text, verb_sentence (verbs[i].mask, names));
      g_ptr_array_unref (types[i]);
    }
  if (identity)
    add_sentence (text, g_strdup (_ ("May not learn who is signed in.")));
  if (offline)
    add_sentence (text, g_strdup (_ ("May not stay signed in.")));
  other_names = join (others);
  if (other_names != NULL)
    /* Translators: %s are names of permissions as the server spells them */
    add_sentence (text, g_strdup_printf (_ ("Not granted: %s."), other_names));
  return g_string_free (text, text->len == 0);
}

/* Appends to a list what is not in it yet */
static void
append_scope (GString    *list,
              GHashTable *seen,
              char       *scope)
{
  if (!g_hash_table_add (seen, scope))
    return;
  if (list->len > 0)
    g_string_append_c (list, ' ');
  g_string_append (list, scope);
}

/**
 * mw_scope_spell:
 * @wanted: (nullable): a list, in either version
 * @v1: whether to write it for a server of version 1, which does not say "permission-v2"
 *
 * Version 1 has no letters and no queries, so there more may be asked for than was wanted: "c" alone becomes
 * ".write". ".read" and ".write" are written as two scopes, as servers list them.
 *
 * Returns: (transfer full): the list in that version
 */
char *
mw_scope_spell (const char *wanted,
                gboolean    v1)
{
  g_autoptr (GPtrArray) scopes = parse_list (wanted);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < scopes->len; i++)
    {
      const Scope *scope = g_ptr_array_index (scopes, i);

      if (scope->mask == 0)
        append_scope (list, seen, g_strdup (scope->text));
      else if (!v1)
        append_scope (list, seen, spell_v2 (scope, scope->mask));
      else
        {
          if ((scope->mask & (READ | SEARCH)) != 0)
            append_scope (list, seen, g_strdup_printf ("%s/%s.read", scope->context, scope->type));
          if ((scope->mask & (CREATE | UPDATE | DELETE)) != 0)
            append_scope (list, seen, g_strdup_printf ("%s/%s.write", scope->context, scope->type));
        }
    }
  return g_string_free (list, FALSE);
}

/* What an inbox and an outbox need: reading the people, writing what is exchanged, and reading the record of which parts
 * are sent */
static const char *const clinician_scopes[] = {
  "Patient.rs",
  "Practitioner.rs",
  "PractitionerRole.rs",
  "Organization.rs",
  "Endpoint.rs",
  "CareTeam.rs",
  "Communication.crus",
  "CommunicationRequest.crus",
  "Task.crus",
  "ServiceRequest.crus",
  "DocumentReference.crs",
  "Binary.cr",
  "CarePlan.rus",
  "Goal.rus",
  "Appointment.crus",
  "Slot.rs",
  "Schedule.rs",
  "Questionnaire.rs",
  "QuestionnaireResponse.crus",
  "Subscription.crud",
  "Bundle.rs",
  "MessageHeader.c",
  "Encounter.rs",
  "Condition.rs",
  "Observation.rs",
  "MedicationRequest.rs",
  "MedicationStatement.rs",
  "AllergyIntolerance.rs",
  "Immunization.rs",
  "Procedure.rs",
  "DiagnosticReport.rs",
  "Coverage.rs",
};

/**
 * mw_scope_clinician:
 * @system: for a program that signs in by itself (SMART Backend Services), which has no user to name and no
 *   refresh tokens; else for a clinician who signs in
 *
 * Returns: (transfer full): the scopes to ask for when an administrator gave none, in version 2
 */
char *
mw_scope_clinician (gboolean system)
{
  GString *list = g_string_new (system ? NULL : "openid fhirUser offline_access");

  for (gsize i = 0; i < G_N_ELEMENTS (clinician_scopes); i++)
    g_string_append_printf (list, "%s%s/%s", list->len > 0 ? " " : "", system ? "system" : "user", clinician_scopes[i]);
  return g_string_free (list, FALSE);
}
