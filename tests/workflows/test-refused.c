/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Receivers that refuse what they promised: what that teaches, the next way, and everything once */

#include "receivers.h"

#include "mw-identity.h"
#include "mw-learned.h"

#include <string.h>

/* A receiver that says it can do everything, and refuses some of it; it keeps a ledger of what took effect */
typedef struct
{
  const char *const *refuses; /* words of mw-learned.h */
  gsize              limit;
  GHashTable        *effects; /* our identifier, or type and public identifier → how often */
  GHashTable        *done;    /* identities of requests that were accepted */
} Receiver;

static void
take_effect (Receiver *self,
             JsonNode *resource)
{
  guint            n = mw_json_length (resource, "identifier");
  const char      *value = mw_json_string (mw_json_item (resource, "identifier", n > 0 ? n - 1 : 0), "value");
  g_autofree char *key = g_strdup_printf ("%s %s", mw_resource_type (resource), value);
  guint            count = GPOINTER_TO_UINT (g_hash_table_lookup (self->effects, key));

  if (!mw_resource_is (resource, "MessageHeader"))
    g_hash_table_replace (self->effects, g_steal_pointer (&key), GUINT_TO_POINTER (count + 1));
}

/* What the receiver makes of one request: TRUE, or the word that it taught */
static gboolean
receive (Receiver               *self,
         const MwPlannedRequest *request,
         char                  **word)
{
  gsize            size = request->body != NULL ? g_bytes_get_size (request->body) : 0;
  const char      *unconditional = NULL;
  g_autofree char *create = NULL;
  g_autoptr (JsonNode) body = NULL;
  guint n;

  if (self->limit > 0 && size > self->limit)
    {
      *word = mw_planned_request_refused_word (request, TRUE);
      return FALSE;
    }
  *word = mw_planned_request_refused_word (request, FALSE);
  /* what refuses the create refuses it with a condition, too */
  unconditional = g_str_has_prefix (*word, "conditional-create:") ? strchr (*word, ':') : NULL;
  create = unconditional != NULL ? g_strconcat ("create", unconditional, NULL) : g_strdup (*word);
  if (g_strv_contains (self->refuses, *word) || g_strv_contains (self->refuses, create))
    return FALSE;
  g_clear_pointer (word, g_free);
  body = body_of (request);
  n = mw_json_length (body, "entry");
  for (guint i = 0; i < n; i++)
    take_effect (self, mw_json_get (mw_json_item (body, "entry", i), "resource"));
  if (n == 0)
    take_effect (self, body);
  return TRUE;
}

/* As the engine does it: what is done stays done, a refusal is learned and the rest planned again. Returns the ways */
static char *
deliver (Receiver      *self,
         const Sending *sending,
         MwCapability  *said,
         GError       **error)
{
  g_autofree char *learned = NULL;
  g_autoptr (GString) ways = g_string_new (NULL);

  for (guint round = 0; round < 20; round++)
    {
      g_auto (GStrv) words = mw_learned_parse (learned);
      g_autoptr (MwCapability) capability = mw_capability_with_refused (said, (const char *const *) words);
      g_autoptr (MwPlan) plan = plan_with (sending, capability, error);
      g_autofree char *word = NULL;

      if (plan == NULL)
        return NULL;
      if (!g_str_has_suffix (ways->str, plan->way))
        g_string_append_printf (ways, "%s%s", ways->len > 0 ? " → " : "", plan->way);
      for (guint i = 0; i < plan->requests->len; i++)
        {
          const MwPlannedRequest *request = request_at (plan, i);

          if (g_hash_table_contains (self->done, request->identity))
            continue;
          if (!receive (self, request, &word))
            break;
          g_hash_table_add (self->done, g_strdup (request->identity));
        }
      if (word == NULL)
        return g_string_free (g_steal_pointer (&ways), FALSE);
      {
        char *longer = mw_learned_add (learned, word);

        /* nothing new was learned: it would go on for ever */
        g_assert_cmpstr (longer, !=, learned);
        g_free (learned);
        learned = longer;
      }
    }
  g_assert_not_reached ();
}

static void
assert_once (Receiver *self,
             guint     n_effects)
{
  GHashTableIter iter;
  gpointer       key, count;

  g_assert_cmpuint (g_hash_table_size (self->effects), ==, n_effects);
  g_hash_table_iter_init (&iter, self->effects);
  while (g_hash_table_iter_next (&iter, &key, &count))
    if (GPOINTER_TO_UINT (count) != 1)
      g_error ("%s took effect %u times", (char *) key, GPOINTER_TO_UINT (count));
}

typedef struct
{
  const char *name;
  const char *refuses[8];
  gsize       limit;
  gboolean    client_ids;
  guint       effects;
  const char *ways;
} Refusing;

static const Refusing refusing[] = {
  { "nothing", { NULL }, 0, FALSE, 5, "as one message" },
  { "messages", { "process-message" }, 0, FALSE, 5, "as one message → as one transaction" },
  { "transactions", { "process-message", "transaction" }, 0, FALSE, 5, "as one message → as one transaction → resource by resource" },
  { "conditions", { "process-message", "transaction", "conditional-create:Observation", "conditional-create:Patient", "conditional-create:Communication" }, 0, FALSE, 5, "as one message → as one transaction → resource by resource" },
  { "ids", { "process-message", "transaction", "conditional-create:Observation", "update-create:Observation" }, 0, TRUE, 5, "as one message → as one transaction → resource by resource" },
  /* the content is worth more than the covering note */
  { "communications", { "process-message", "transaction", "create:Communication" }, 0, FALSE, 4, "as one message → as one transaction → resource by resource" },
  { "room", { NULL }, 3000, FALSE, 5, "as one message → as one transaction → resource by resource" },
};

static Receiver
new_receiver (const Refusing *row)
{
  return (Receiver){ (const char *const *) row->refuses, row->limit, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                     g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

static void
clear_receiver (Receiver *self)
{
  g_hash_table_unref (self->effects);
  g_hash_table_unref (self->done);
}

static void
test_refusing (gconstpointer data)
{
  static const char *const versions[] = { "4.0.1", "5.0.0" };
  const Refusing          *row = data;

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      Receiver receiver = new_receiver (row);
      Sending  sending = push;
      g_autoptr (MwCapability) said = statement (versions[i], MESSAGES, row->client_ids ? CONDITIONAL ",'updateCreate':true" : CONDITIONAL);
      g_autoptr (GError) error = NULL;
      g_autofree char *ways = NULL;

      sending.file = 1200;
      ways = deliver (&receiver, &sending, said, &error);
      g_assert_no_error (error);
      assert_once (&receiver, row->effects);
      if (i == 0)
        g_assert_cmpstr (ways, ==, row->ways);
      clear_receiver (&receiver);
    }
}

/* No way is left: a sentence, and nothing more is tried */
static void
test_no_way (void)
{
  static const struct
  {
    Refusing    row;
    Sending     sending;
    int         code;
    const char *words;
  } cases[] = {
    { { "task", { "transaction", "create:Task" } }, { "{'kind':'referral','service':'Cardiology'}" }, MW_FHIR_ERROR_NOT_FHIR, "Task" },
    { { "message", { "transaction", "create:Communication" } }, { "{'kind':'message','note':'Hello'}" }, MW_FHIR_ERROR_NOT_FHIR, "Message" },
    { { "room", { "process-message" }, 1000 }, { "{'kind':'push'}", { NULL }, NULL, 5000 }, MW_FHIR_ERROR_TOO_LARGE, "Letter.pdf" },
    { { "edit", { "update:Task" } }, { "{'kind':'referral','action':'accept'}", { NULL }, TASK, 0, TRUE }, MW_FHIR_ERROR_NOT_FHIR, "message instead" },
    { { "edit-request", { "update:Task" } }, { "{'kind':'request','action':'decline','note':'x'}", { NULL }, TASK, 0, TRUE }, MW_FHIR_ERROR_NOT_FHIR, "message instead" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Receiver receiver = new_receiver (&cases[i].row);
      g_autoptr (MwCapability) said = statement ("4.0.1", MESSAGES, CONDITIONAL);
      g_autoptr (GError) error = NULL;
      g_autofree char *ways = deliver (&receiver, &cases[i].sending, said, &error);

      g_assert_null (ways);
      g_assert_error (error, MW_FHIR_ERROR, cases[i].code);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("%s", error->message);
      clear_receiver (&receiver);
    }
}

/* The parts of an item are the same things whatever the way: by their identifiers an effect is recognised */
static void
test_identities (void)
{
  static const char *const types[] = { "Patient", "Procedure", "Observation", "DocumentReference", "Communication" };
  static const char *const no_messages[] = { "process-message", NULL };
  static const char *const nothing[] = { "process-message", "transaction", NULL };
  g_autoptr (MwCapability) said = statement ("4.0.1", MESSAGES, CONDITIONAL);
  g_autoptr (MwCapability) second = mw_capability_with_refused (said, no_messages);
  g_autoptr (MwCapability) third = mw_capability_with_refused (said, nothing);
  g_autoptr (MwCapability) other = statement ("5.0.0", TRANSACTIONS, "");
  g_autoptr (MwPlan) message = plan_with (&push, said, NULL);
  g_autoptr (MwPlan) transaction = plan_with (&push, second, NULL);
  g_autoptr (MwPlan) single = plan_with (&push, third, NULL);
  g_autoptr (MwPlan) r5 = plan_with (&push, other, NULL);
  MwPlan *plans[] = { message, transaction, single, r5 };

  for (gsize t = 0; t < G_N_ELEMENTS (types); t++)
    {
      g_autofree char *first = NULL;

      for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
        {
          g_autoptr (JsonNode) part = find_part (plans[i], types[t]);
          JsonNode        *identifiers = mw_json_get (part, "identifier");
          g_autofree char *text = NULL;

          g_assert_nonnull (identifiers);
          text = mw_json_to_text (identifiers, FALSE);
          if (first == NULL)
            first = g_steal_pointer (&text);
          else
            g_assert_cmpstr (first, ==, text);
        }
    }
  /* what is looked up in one way is what was sent in another */
  for (guint i = 1; i < single->requests->len; i++)
    {
      g_autofree char *urn = mw_identity_urn (request_at (single, i)->identity);
      g_autofree char *escaped = g_uri_escape_string (urn, NULL, FALSE);

      g_assert_nonnull (strstr (request_at (single, i)->lookup, escaped));
    }
}

static void
test_words (void)
{
  static const struct
  {
    const char *method;
    const char *url;
    gboolean    condition;
    gboolean    edit;
    const char *word;
  } cases[] = {
    { "POST", "", FALSE, FALSE, "transaction" },
    { "POST", "$process-message", FALSE, FALSE, "process-message" },
    { "POST", "Patient/$match", FALSE, FALSE, "operation:Patient/$match" },
    { "POST", "$submit", FALSE, FALSE, "operation:$submit" },
    { "POST", "Task", TRUE, FALSE, "conditional-create:Task" },
    { "POST", "Communication", FALSE, FALSE, "create:Communication" },
    { "PUT", "Task/6ba7b810-9dad-41d1-80b4-00c04fd430c8", FALSE, FALSE, "update-create:Task" },
    { "PUT", "Task/7", FALSE, TRUE, "update:Task" },
    { "GET", "Task/7", FALSE, FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static ("0123456789", 10);
      g_autoptr (JsonNode) edit = cases[i].edit ? mw_json_object_new () : NULL;
      MwPlannedRequest request = { .method = (char *) cases[i].method,
                                   .url = (char *) cases[i].url,
                                   .if_none_exist = cases[i].condition ? (char *) "identifier=x" : NULL,
                                   .edit = edit,
                                   .body = body };
      g_autofree char *word = mw_planned_request_refused_word (&request, FALSE);
      g_autofree char *size = mw_planned_request_refused_word (&request, TRUE);

      g_assert_cmpstr (word, ==, cases[i].word);
      g_assert_cmpstr (size, ==, "max-body:9");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refusing); i++)
    {
      g_autofree char *path = g_strconcat ("/workflows/refused/", refusing[i].name, NULL);

      g_test_add_data_func (path, &refusing[i], test_refusing);
    }
  g_test_add_func ("/workflows/refused/no-way", test_no_way);
  g_test_add_func ("/workflows/refused/identities", test_identities);
  g_test_add_func ("/workflows/refused/words", test_words);
  return g_test_run ();
}
