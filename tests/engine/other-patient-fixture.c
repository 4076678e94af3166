/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "other-patient-fixture.h"

#include "mw-batch.h"
#include "mw-decision.h"

#include <string.h>

void
other_patient_fixture_set_up (OtherPatientFixture *f,
                              gconstpointer        user_data)
{
  g_autoptr (MwDraft) draft = mw_draft_new (user_data != NULL ? user_data : MW_KIND_MESSAGE);

  engine_fixture_set_up (&f->engine, NULL);
  f->peer = engine_fixture_add_peer (&f->engine, PEER_PLAIN);
  draft->to = g_strdup (f->peer->organization);
  draft->to_name = g_strdup ("Peer");
  draft->patient = g_strconcat (f->engine.home_url, "/Patient/p1", NULL);
  draft->patient_name = g_strdup ("Erika Muster");
  draft->note = g_strdup ("How is she?");
  f->item = engine_fixture_post (&f->engine, f->peer, 0, draft);
  f->identity = engine_fixture_get_text (&f->engine, "SELECT identity FROM items");
  engine_fixture_sql (&f->engine, "UPDATE items SET state = 6, handed_over = 1");
}

void
other_patient_fixture_tear_down (OtherPatientFixture *f,
                                 gconstpointer        user_data)
{
  engine_fixture_tear_down (&f->engine, NULL);
  g_free (f->identity);
}

static gint64
write_batch (MwDb    *db,
             gpointer data,
             GError **error)
{
  return mw_batch_write (db, data, error);
}

/* As if the server at @connection had sent these, apostrophes for quotes */
void
other_patient_fixture_arrive (OtherPatientFixture *f,
                              gint64               connection,
                              const char          *first,
                              const char          *second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwConnection) row = mw_connections_load (f->engine.db, connection, &error);
  char       *me[] = { NULL };
  MwBatch    *batch = mw_batch_new (f->engine.store, f->engine.db, row, me, engine_fixture_now (&f->engine));
  const char *texts[] = { first, second };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_strdelimit (g_strdup (texts[i] != NULL ? texts[i] : ""), "'", '"');
      g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));

      if (*text != '\0')
        mw_batch_add_resource (batch, raw, "test");
    }
  mw_batch_recognise (batch);
  mw_store_write (f->engine.store, write_batch, batch, &error);
  g_assert_no_error (error);
  mw_batch_free (batch);
}

void
other_patient_fixture_expect (OtherPatientFixture *f,
                              const char          *sql,
                              gint64               value)
{
  if (engine_fixture_get (&f->engine, sql) != value)
    g_error ("%s is not %" G_GINT64_FORMAT, sql, value);
}

void
other_patient_fixture_assert_well (OtherPatientFixture *f)
{
  other_patient_fixture_expect (f, "SELECT count(*) FROM patient_checks", 0);
  other_patient_fixture_expect (f, WARNED, 0);
  other_patient_fixture_expect (f, ANSWERED, 1);
}

void
other_patient_fixture_assert_warned (OtherPatientFixture *f)
{
  other_patient_fixture_expect (f, OPEN, 1);
  other_patient_fixture_expect (f, WARNED, 1);
  other_patient_fixture_expect (f, ANSWERED, 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM items WHERE state = 6", 1);
  /* in no record */
  other_patient_fixture_expect (f, "SELECT count(*) FROM entries WHERE patient IS NOT NULL", 0);
  other_patient_fixture_expect (f, "SELECT count(*) FROM resources WHERE type = 'Communication' AND patient IS NOT NULL", 0);
}

typedef struct
{
  const char *decision;
} Choice;

static gint64
write_choice (MwDb    *db,
              gpointer data,
              GError **error)
{
  return mw_decision_take_check (db, mw_db_get_int (db, 0, "SELECT id FROM patient_checks ORDER BY decided > 0, id LIMIT 1", ""), ((Choice *) data)->decision, 1, error) ? 0 : -1;
}

void
other_patient_fixture_decide (OtherPatientFixture *f,
                              const char          *decision,
                              GError             **error)
{
  Choice choice = { decision };

  mw_store_write (f->engine.store, write_choice, &choice, error);
}
