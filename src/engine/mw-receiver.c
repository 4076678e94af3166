/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-receiver.h"

#include "mw-me.h"
#include "mw-reference.h"
#include "mw-resource-row.h"
#include "mw-walk.h"

#include <string.h>

/* Between two looks (wire notes 3) */
#define ACTIVE_SECONDS 60
#define IDLE_SECONDS 300
/* The directory and the records change more slowly than the inbox */
#define SLOW_SECONDS (15 * 60)
/* Records are kept for the patients that the clinician has lately had to do with */
#define MAX_RECORDS 200

static const char *const directory_types[] = { "Organization", "Practitioner", "PractitionerRole", "CareTeam", "HealthcareService", "Location", "OrganizationAffiliation",
                                               "Endpoint", NULL };

static const char *const record_types[] = { "Encounter", "Condition", "Observation", "MedicationRequest", "MedicationStatement", "AllergyIntolerance",
                                            "Immunization", "Procedure", "DiagnosticReport", "DocumentReference", "CarePlan", "Goal", "Coverage", "ServiceRequest", NULL };

struct _MwReceiver
{
  MwCore     *core;
  GQueue      queries; /* char*, of the look under way */
  GStrv       me;
  gboolean    busy;
  gboolean    again;
  gboolean    looked;
  gboolean    active;
  gboolean    broken;
  guint       phase;
  gint64      next_time;
  gint64      slow_time;
  GHashTable *recorded; /* people ids whose records were walked in this run */
};

static void next_query (MwReceiver *self);

MwReceiver *
mw_receiver_new (MwCore *core)
{
  MwReceiver *self = g_new0 (MwReceiver, 1);

  self->core = core;
  self->active = TRUE;
  g_queue_init (&self->queries);
  self->recorded = g_hash_table_new (NULL, NULL);
  return self;
}

void
mw_receiver_free (MwReceiver *self)
{
  g_queue_clear_full (&self->queries, g_free);
  g_strfreev (self->me);
  g_hash_table_unref (self->recorded);
  g_free (self);
}

gboolean
mw_receiver_is_busy (MwReceiver *self)
{
  return self->busy;
}

/**
 * mw_receiver_has_looked:
 *
 * Returns: whether one whole look was made, or tried, since the start
 */
gboolean
mw_receiver_has_looked (MwReceiver *self)
{
  return self->looked;
}

gint64
mw_receiver_next_time (MwReceiver *self)
{
  return self->busy ? 0 : self->next_time;
}

void
mw_receiver_set_active (MwReceiver *self,
                        gboolean    active)
{
  self->active = active;
  if (active && self->next_time > mw_core_now (self->core) + mw_core_pace (self->core, ACTIVE_SECONDS * G_TIME_SPAN_SECOND))
    self->next_time = mw_core_now (self->core);
}

/* ---- which queries --------------------------------------------------- */

/* A parameter that the server does not list is asked for all the same: lists are rarely whole, and a query that is
 * left out would be a gap that nobody sees */
static gboolean
offers (MwLink     *link,
        const char *type)
{
  return link->capability == NULL || mw_capability_supports (link->capability, type, "search-type") != MW_SUPPORT_NO;
}

static void
add_query (MwReceiver *self,
           MwLink     *link,
           gboolean    inbox,
           const char *type,
           const char *parameter,
           const char *value)
{
  if (!offers (link, type))
    return;
  if (parameter == NULL)
    g_queue_push_tail (&self->queries, g_strdup_printf ("%s%s", inbox ? "" : "~", type));
  else
    {
      g_autofree char *escaped = g_uri_escape_string (value, ",/:", FALSE);

      g_queue_push_tail (&self->queries, g_strdup_printf ("%s%s?%s=%s", inbox ? "" : "~", type, parameter, escaped));
    }
}

/* All of the clinician's references there, relative, as one OR value */
static char *
me_value (MwReceiver *self,
          MwLink     *link,
          gboolean    with_organization)
{
  g_autoptr (GString) value = g_string_new (NULL);

  for (guint i = 0; self->me != NULL && self->me[i] != NULL; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (self->me[i]);
      g_autofree char *relative = mw_reference_relative (reference, link->row->url);

      if (relative == NULL || (!with_organization && g_str_has_prefix (relative, "Organization/")))
        continue;
      g_string_append_printf (value, "%s%s", value->len > 0 ? "," : "", relative);
    }
  return value->len > 0 ? g_string_free (g_steal_pointer (&value), FALSE) : NULL;
}

/* Her own kinds of things only; what a Bundle means is found out when it is here */
static void
add_inbox_queries (MwReceiver *self,
                   MwLink     *link)
{
  g_autofree char *all = me_value (self, link, TRUE);
  g_autofree char *person = me_value (self, link, FALSE);

  if (all == NULL)
    {
      const char *const *types = link->capability != NULL ? mw_capability_get_types (link->capability) : NULL;

      /* nobody has said who she is: the server is small or hers alone, so all of it is looked at */
      for (guint i = 0; types != NULL && types[i] != NULL; i++)
        if (!g_strv_contains (directory_types, types[i]))
          add_query (self, link, TRUE, types[i], NULL, NULL);
      return;
    }
  add_query (self, link, TRUE, "Task", "owner", all);
  add_query (self, link, TRUE, "Task", "requester", person);
  add_query (self, link, TRUE, "Communication", "recipient", all);
  add_query (self, link, TRUE, "Communication", "sender", person);
  add_query (self, link, TRUE, "CommunicationRequest", "recipient", all);
  add_query (self, link, TRUE, "ServiceRequest", "performer", all);
  add_query (self, link, TRUE, "Bundle", NULL, NULL);
}

static void
add_slow_queries (MwReceiver *self,
                  MwLink     *link)
{
  g_autofree char *person = me_value (self, link, FALSE);

  /* who she is comes first: a large directory takes its time (wire notes 4.5) */
  if (self->me != NULL && self->me[0] != NULL)
    {
      g_autoptr (MwReference) me = mw_reference_new_for_literal (self->me[0]);
      g_autofree char *relative = mw_reference_relative (me, link->row->url);

      if (relative != NULL)
        add_query (self, link, FALSE, "PractitionerRole", "practitioner", relative);
      if (person != NULL)
        add_query (self, link, FALSE, "CareTeam", "participant", person);
    }
  for (guint i = 0; directory_types[i] != NULL; i++)
    add_query (self, link, FALSE, directory_types[i], NULL, NULL);
  if (person != NULL)
    add_query (self, link, FALSE, "Patient", "general-practitioner", person);
}

/* The records of patients of the inbox and of her own: what a push offers offline */
static void
add_record_queries (MwReceiver *self,
                    MwLink     *link,
                    gboolean    all)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (self->me == NULL || self->me[0] == NULL ||
      !mw_query_init (&query, self->core->db, NULL,
                      "SELECT id, reference FROM people WHERE connection = ?1 AND type = 'Patient' AND active = 1 AND instr(reference, '#') = 0 "
                      "ORDER BY coalesce((SELECT max(received) FROM entries WHERE patient = people.id), used) DESC LIMIT ?2",
                      "ii", link->row->id, (gint64) MAX_RECORDS))
    return;
  while (mw_query_step (&query, NULL))
    {
      gint64 id = mw_query_int (&query, 0);
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (mw_query_text (&query, 1));
      g_autofree char *relative = mw_reference_relative (reference, link->row->url);

      if (relative == NULL || (!all && g_hash_table_contains (self->recorded, GINT_TO_POINTER ((int) id))))
        continue;
      g_hash_table_add (self->recorded, GINT_TO_POINTER ((int) id));
      for (guint i = 0; record_types[i] != NULL; i++)
        add_query (self, link, FALSE, record_types[i], "patient", relative);
    }
}

/* ---- who she is ------------------------------------------------------ */

typedef struct
{
  gint64 connection;
  GStrv  me;
} MeInput;

static gint64
write_me (MwDb    *db,
          gpointer data,
          GError **error)
{
  MeInput *input = data;

  return mw_me_store (db, input->connection, input->me, error) ? 0 : -1;
}

static gboolean
names (JsonNode   *resource,
       const char *list,
       const char *path,
       GHashTable *mine,
       const char *base)
{
  guint n = mw_json_length (resource, list);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new (mw_json_get (mw_json_item (resource, list, i), path));
      g_autofree char *absolute = mw_reference_absolute (reference, base);

      if (absolute != NULL && g_hash_table_contains (mine, absolute))
        return TRUE;
    }
  return FALSE;
}

static void
add_mine (GHashTable *mine,
          GPtrArray  *order,
          char       *reference)
{
  if (reference == NULL || g_hash_table_contains (mine, reference))
    g_free (reference);
  else
    {
      g_ptr_array_add (order, reference);
      g_hash_table_add (mine, reference);
    }
}

/* Her roles, the organisations of those, and the care teams with her or a role of hers */
static void
find_me (MwReceiver *self,
         MwLink     *link)
{
  g_autoptr (GHashTable) mine = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) old = mw_me_load (self->core->db, link->row);
  static const char *const passes[] = { "PractitionerRole", "CareTeam" };

  if (old[0] == NULL)
    return;
  add_mine (mine, order, g_strdup (old[0]));
  for (gsize pass = 0; pass < G_N_ELEMENTS (passes); pass++)
    {
      g_auto (MwQuery) query = MW_QUERY_INIT;

      if (!mw_query_init (&query, self->core->db, NULL, "SELECT reference, raw FROM resources WHERE connection = ?1 AND type = ?2 AND deleted = 0", "is",
                          link->row->id, passes[pass]))
        return;
      while (mw_query_step (&query, NULL))
        {
          g_autoptr (GBytes) raw = mw_query_bytes (&query, 1);
          g_autoptr (JsonNode) node = mw_json_parse (g_bytes_get_data (raw, NULL), (gssize) g_bytes_get_size (raw), NULL);

          if (pass == 0 && names (node, "practitioner", NULL, mine, link->row->url) && mw_json_boolean (node, "active", TRUE))
            {
              g_autoptr (MwReference) where = mw_reference_new (mw_json_get (node, "organization"));

              add_mine (mine, order, mw_query_dup (&query, 0));
              add_mine (mine, order, mw_reference_absolute (where, link->row->url));
            }
          else if (pass == 1 && names (node, "participant", "member", mine, link->row->url))
            add_mine (mine, order, mw_query_dup (&query, 0));
        }
    }
  g_ptr_array_add (order, NULL);
  g_strfreev (self->me);
  self->me = g_strdupv ((char **) order->pdata);
  {
    g_autofree char *before = g_strjoinv ("\n", old);
    g_autofree char *after = g_strjoinv ("\n", self->me);
    MeInput          input = { link->row->id, self->me };

    if (!g_str_equal (before, after))
      mw_store_write (self->core->store, write_me, &input, NULL);
  }
}

/* ---- the look -------------------------------------------------------- */

enum
{
  PHASE_DIRECTORY,
  PHASE_INBOX,
  PHASE_RECORDS,
  PHASE_END,
};

static void
end_look (MwReceiver *self)
{
  guint   seconds = self->active ? ACTIVE_SECONDS : IDLE_SECONDS;
  gdouble spread = 0.9 + 0.2 * mw_core_jitter (self->core);

  if (self->core->options.poll_seconds > 0)
    seconds = self->core->options.poll_seconds;
  self->busy = FALSE;
  self->looked = TRUE;
  self->next_time = mw_core_now (self->core) + mw_core_pace (self->core, (gint64) (seconds * spread * G_TIME_SPAN_SECOND));
  if (self->again)
    {
      self->again = FALSE;
      self->next_time = mw_core_now (self->core);
    }
  mw_core_kick (self->core);
}

static void
walked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  MwReceiver *self = user_data;

  if (g_cancellable_is_cancelled (self->core->cancellable))
    {
      self->busy = FALSE;
      return;
    }
  if (mw_walk_finish (result, NULL) == MW_WALK_BROKEN_OFF)
    self->broken = TRUE;
  next_query (self);
}

static void
begin_phase (MwReceiver *self,
             MwLink     *link)
{
  gint64   now = mw_core_now (self->core);
  gboolean slow = now >= self->slow_time;

  switch (self->phase)
    {
    case PHASE_DIRECTORY:
      if (slow)
        {
          g_strfreev (self->me);
          self->me = mw_me_load (self->core->db, link->row);
          add_slow_queries (self, link);
        }
      break;
    case PHASE_INBOX:
      find_me (self, link);
      add_inbox_queries (self, link);
      break;
    case PHASE_RECORDS:
      add_record_queries (self, link, slow);
      if (slow && !self->broken)
        self->slow_time = now + mw_core_pace (self->core, SLOW_SECONDS * G_TIME_SPAN_SECOND);
      break;
    default:
      break;
    }
}

static void
next_query (MwReceiver *self)
{
  MwLink          *link = mw_core_home (self->core);
  g_autofree char *query = NULL;

  /* a server that cannot be reached is not asked thirty more questions */
  if (link == NULL || !mw_link_is_open (link) || self->broken)
    {
      g_queue_clear_full (&self->queries, g_free);
      end_look (self);
      return;
    }
  while (g_queue_is_empty (&self->queries))
    {
      if (++self->phase >= PHASE_END)
        {
          end_look (self);
          return;
        }
      begin_phase (self, link);
    }
  query = g_queue_pop_head (&self->queries);
  mw_walk_async (link, query, self->me != NULL ? self->me : (char *[]){ NULL }, walked, self);
}

static void
negotiated (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  MwReceiver *self = user_data;
  MwLink     *link;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwCapability) capability = NULL;

  if (g_cancellable_is_cancelled (self->core->cancellable))
    {
      self->busy = FALSE;
      return;
    }
  link = mw_core_home (self->core);
  capability = link != NULL ? mw_link_negotiate_finish (link, result, &error) : NULL;
  if (capability == NULL)
    self->broken = TRUE;
  else
    begin_phase (self, link);
  next_query (self);
}

static void
authorised (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  MwReceiver *self = user_data;
  MwLink     *link;

  if (g_cancellable_is_cancelled (self->core->cancellable))
    {
      self->busy = FALSE;
      return;
    }
  link = mw_core_home (self->core);
  if (link == NULL || !mw_link_authorise_finish (link, result, NULL))
    {
      self->broken = TRUE;
      next_query (self);
      return;
    }
  mw_link_negotiate_async (link, negotiated, self);
}

/**
 * mw_receiver_look:
 * @now: whether to look whatever the time is
 */
void
mw_receiver_look (MwReceiver *self,
                  gboolean    now)
{
  MwLink *link = mw_core_home (self->core);

  if (self->busy)
    {
      self->again = self->again || now;
      return;
    }
  if (link == NULL)
    {
      self->looked = TRUE;
      return;
    }
  if (!now && self->next_time > mw_core_now (self->core))
    return;
  if (mw_link_is_paused (link) && !now)
    {
      self->next_time = link->row->paused_until;
      self->looked = TRUE;
      return;
    }
  self->busy = TRUE;
  self->broken = FALSE;
  self->phase = PHASE_DIRECTORY;
  g_queue_clear_full (&self->queries, g_free);
  mw_link_authorise_async (link, authorised, self);
}
