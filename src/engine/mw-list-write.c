/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-list-write.h"

#include "mw-identity.h"

/* Records in one transaction: nobody who wants to save something waits longer than for these */
#define STEP 1000
/* What is deleted in one */
#define FORGET_STEP 2000
/* An import that was begun longer ago was killed: none may take that long */
#define STALE (2 * G_TIME_SPAN_HOUR)

/* An organisation and where it is reached */
typedef struct
{
  const MwPublishedOrganization *organization;
  GPtrArray                     *endpoints; /* (nullable): MwEndpoint */
} Place;

struct _MwListWriter
{
  GPtrArray  *places;
  GHashTable *by_organization; /* MwPublishedOrganization → Place */
  GPtrArray  *endpoints;
  GHashTable *numbers; /* MwEndpoint → its position in endpoints, from 1 */
};

static void
free_place (gpointer data)
{
  Place *place = data;

  g_clear_pointer (&place->endpoints, g_ptr_array_unref);
  g_free (place);
}

MwListWriter *
mw_list_writer_new (void)
{
  MwListWriter *self = g_new0 (MwListWriter, 1);

  self->places = g_ptr_array_new_with_free_func (free_place);
  self->by_organization = g_hash_table_new (NULL, NULL);
  self->endpoints = g_ptr_array_new ();
  self->numbers = g_hash_table_new (NULL, NULL);
  return self;
}

void
mw_list_writer_free (MwListWriter *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->places);
  g_hash_table_unref (self->by_organization);
  g_ptr_array_unref (self->endpoints);
  g_hash_table_unref (self->numbers);
  g_free (self);
}

static Place *
place_of (MwListWriter                  *self,
          const MwPublishedOrganization *organization)
{
  Place *place = g_hash_table_lookup (self->by_organization, organization);

  if (place == NULL)
    {
      place = g_new0 (Place, 1);
      place->organization = organization;
      g_ptr_array_add (self->places, place);
      g_hash_table_insert (self->by_organization, (gpointer) organization, place);
    }
  return place;
}

/**
 * mw_list_writer_add:
 * @writer: a MwListWriter
 *
 * A MwPublishedFunc: both live as long as the list, which has to live until everything is written. An organisation that
 * is not in use any more is left out.
 */
void
mw_list_writer_add (const MwPublishedOrganization *organization,
                    const MwEndpoint              *endpoint,
                    gpointer                       writer)
{
  MwListWriter *self = writer;
  Place        *place = organization != NULL && !organization->inactive ? place_of (self, organization) : NULL;

  if (endpoint == NULL || (organization != NULL && place == NULL))
    return;
  if (!g_hash_table_contains (self->numbers, endpoint))
    {
      g_ptr_array_add (self->endpoints, (gpointer) endpoint);
      g_hash_table_insert (self->numbers, (gpointer) endpoint, GUINT_TO_POINTER (self->endpoints->len));
    }
  if (place == NULL)
    return;
  if (place->endpoints == NULL)
    place->endpoints = g_ptr_array_new ();
  g_ptr_array_add (place->endpoints, (gpointer) endpoint);
}

guint
mw_list_writer_get_n_organizations (MwListWriter *self)
{
  return self->places->len;
}

guint
mw_list_writer_get_n_endpoints (MwListWriter *self)
{
  return self->endpoints->len;
}

/* ---- on the store's writer ------------------------------------------- */

typedef struct
{
  MwListWriter         *writer;
  const MwPublishedRow *list;
  char                 *token;
  guint                 first;
} Step;

static gint64
write_begin (MwDb    *db,
             gpointer data,
             GError **error)
{
  const Step *step = data;

  return mw_published_stage_begin (db, step->token, g_get_real_time (), error) ? 0 : -1;
}

static char *
endpoint_reference (guint number)
{
  return g_strdup_printf ("Endpoint %u", number);
}

static GStrv
references_of (MwListWriter *self,
               const Place  *place)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; place->endpoints != NULL && i < place->endpoints->len && i < MW_ENDPOINT_ROWS_MAX; i++)
    {
      guint            number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, g_ptr_array_index (place->endpoints, i)));
      g_autofree char *reference = endpoint_reference (number);

      g_strv_builder_add (builder, reference);
    }
  return g_strv_builder_end (builder);
}

/* Records are numbered through: the endpoints, then the organisations */
static gboolean
write_record (MwDb       *db,
              const Step *step,
              guint       index,
              GError    **error)
{
  MwListWriter *self = step->writer;

  if (index < self->endpoints->len)
    {
      g_autofree char *reference = endpoint_reference (index + 1);

      return mw_published_stage_endpoint (db, step->token, reference, g_ptr_array_index (self->endpoints, index), step->list->fetched, error);
    }
  else
    {
      const Place *place = g_ptr_array_index (self->places, index - self->endpoints->len);
      g_auto (GStrv) references = references_of (self, place);

      return mw_published_stage_organization (db, step->token, step->list->source, place->organization, (const char *const *) references,
                                              step->list->fetched, error);
    }
}

static gint64
write_step (MwDb    *db,
            gpointer data,
            GError **error)
{
  const Step *step = data;
  guint       end = MIN (step->first + STEP, step->writer->endpoints->len + step->writer->places->len);

  for (guint i = step->first; i < end; i++)
    if (!write_record (db, step, i, error))
      return -1;
  /* nobody sees them yet, so nobody is told */
  mw_db_take_changes (db);
  return end;
}

static gint64
write_swap (MwDb    *db,
            gpointer data,
            GError **error)
{
  const Step *step = data;

  return mw_published_stage_swap (db, step->token, step->list, error) ? 0 : -1;
}

typedef struct
{
  const char *token;
  gint64      now;
  char       *stale;
} Forget;

static gint64
write_forget (MwDb    *db,
              gpointer data,
              GError **error)
{
  const Forget *forget = data;

  return mw_published_rows_forget (db, forget->token, FORGET_STEP, error);
}

static gint64
find_stale (MwDb    *db,
            gpointer data,
            GError **error)
{
  Forget *forget = data;

  forget->stale = mw_published_stage_stale (db, forget->now - STALE);
  return 0;
}

/**
 * mw_list_write_forget:
 * @token: of a list, or of an import
 *
 * Forgets everything that came from there, in steps; when it is cancelled, the rest is still there. Blocks: not for the
 * window's thread.
 */
gboolean
mw_list_write_forget (MwStore      *store,
                      const char   *token,
                      GCancellable *cancellable,
                      GError      **error)
{
  Forget forget = { .token = token };
  gint64 n;

  do
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      n = mw_store_write (store, write_forget, &forget, error);
    }
  while (n > 0);
  return n == 0;
}

/* What imports have left that were killed, or replaced by a newer one */
static void
forget_stale (MwStore *store)
{
  for (;;)
    {
      Forget           forget = { .now = g_get_real_time () };
      g_autofree char *token = NULL;

      if (mw_store_write (store, find_stale, &forget, NULL) < 0 || forget.stale == NULL)
        return;
      token = forget.stale;
      if (!mw_list_write_forget (store, token, NULL, NULL))
        return;
    }
}

/**
 * mw_list_writer_run:
 * @list: what is told of the list: source, name, fetched and what else is known
 * @func: (nullable): told of each step
 *
 * Writes everything in small transactions and lets it take the place of what the list had before in one. Blocks: not for
 * the window's thread.
 *
 * Returns: FALSE with an error: then everything is as it was
 */
gboolean
mw_list_writer_run (MwListWriter         *self,
                    MwStore              *store,
                    const MwPublishedRow *list,
                    MwListWriterFunc      func,
                    gpointer              user_data,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_autofree char *identity = mw_identity_new ();
  g_autofree char *token = g_strdup_printf ("import:%.8s", identity);
  Step             step = { .writer = self, .list = list, .token = token };
  guint            total = self->endpoints->len + self->places->len;
  gboolean         good;

  forget_stale (store);
  good = mw_store_write (store, write_begin, &step, error) >= 0;
  while (good && step.first < total)
    {
      gint64 n = g_cancellable_set_error_if_cancelled (cancellable, error) ? -1 : mw_store_write (store, write_step, &step, error);

      good = n >= 0;
      step.first = good ? (guint) n : step.first;
      if (good && func != NULL)
        func (step.first, total, user_data);
    }
  /* the last chance to turn back */
  good = good && !g_cancellable_set_error_if_cancelled (cancellable, error) && mw_store_write (store, write_swap, &step, error) >= 0;
  if (good)
    forget_stale (store);
  else
    mw_list_write_forget (store, token, NULL, NULL);
  return good;
}
