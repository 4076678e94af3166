/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-match-private.h"

#include "mw-datatypes.h"
#include "mw-fhir-date.h"
#include "mw-fold.h"
#include "mw-identity.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What of a patient is looked at; real ones have a few of each */
#define MAX_IDENTIFIERS 20
/* Digits of a telephone number without its country and area that still tell a line */
#define MIN_PHONE_DIGITS 7

void
mw_match_difference_free (MwMatchDifference *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->here);
  g_free (self->there);
  g_free (self);
}

static void
free_difference (gpointer data)
{
  mw_match_difference_free (data);
}

static MwMatchLikeness
compare_birth_dates (JsonNode *here,
                     JsonNode *there)
{
  MwFhirDate a, b;
  gboolean   has_a = mw_fhir_date_parse (mw_json_string (here, "birthDate"), &a);
  gboolean   has_b = mw_fhir_date_parse (mw_json_string (there, "birthDate"), &b);
  gboolean   exact;

  if (!has_a || !has_b)
    return mw_match_absent (has_a, has_b);
  exact = a.precision >= MW_FHIR_DATE_DAY && b.precision >= MW_FHIR_DATE_DAY;
  if (a.year != b.year ||
      (MIN (a.precision, b.precision) >= MW_FHIR_DATE_MONTH && a.month != b.month) ||
      (exact && a.day != b.day))
    return MW_MATCH_DIFFERENT;
  return exact ? MW_MATCH_SAME : MW_MATCH_SIMILAR;
}

/* Returns: (nullable): the gender; "unknown" says nothing */
static const char *
read_gender (JsonNode *patient)
{
  const char *gender = mw_json_string (patient, "gender");

  return g_strcmp0 (gender, "unknown") == 0 ? NULL : gender;
}

static MwMatchLikeness
compare_genders (JsonNode *here,
                 JsonNode *there)
{
  const char *a = read_gender (here);
  const char *b = read_gender (there);

  return a != NULL && g_strcmp0 (a, b) == 0 ? MW_MATCH_SAME : mw_match_absent (a != NULL, b != NULL);
}

/* Contact points and addresses */

static gboolean
is_contact (JsonNode    *telecom,
            MwMatchField field)
{
  const char *system = mw_json_string (telecom, "system");

  if (field == MW_MATCH_FIELD_EMAIL)
    return g_strcmp0 (system, "email") == 0;
  return g_strcmp0 (system, "phone") == 0 || g_strcmp0 (system, "sms") == 0;
}

/* Returns: (transfer full): the digits of a number, without the zeros that stand for a country or an area */
static char *
phone_digits (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (const char *at = text; *at != '\0' && digits->len < 40; at++)
    if (g_ascii_isdigit (*at) && (digits->len > 0 || *at != '0'))
      g_string_append_c (digits, *at);
  return g_string_free (digits, FALSE);
}

static MwMatchLikeness
compare_phone (const char *one,
               const char *other)
{
  g_autofree char *a = phone_digits (one);
  g_autofree char *b = phone_digits (other);

  if (*a == '\0' || *b == '\0')
    return MW_MATCH_DIFFERENT;
  if (g_str_equal (a, b))
    return MW_MATCH_SAME;
  if (MIN (strlen (a), strlen (b)) >= MIN_PHONE_DIGITS && (g_str_has_suffix (a, b) || g_str_has_suffix (b, a)))
    return MW_MATCH_SIMILAR;
  return MW_MATCH_DIFFERENT;
}

static MwMatchLikeness
compare_email (const char *one,
               const char *other)
{
  g_autofree char *a = g_utf8_casefold (one, -1);
  g_autofree char *b = g_utf8_casefold (other, -1);

  return g_str_equal (g_strstrip (a), g_strstrip (b)) ? MW_MATCH_SAME : MW_MATCH_DIFFERENT;
}

/* Both have a value at @path; counts those that agree */
static void
compare_part (const char *one,
              const char *other,
              guint      *same,
              guint      *compared)
{
  if (one == NULL || other == NULL)
    return;
  (*compared)++;
  if (mw_fold_equal (one, other))
    (*same)++;
}

static MwMatchLikeness
compare_address (JsonNode *one,
                 JsonNode *other)
{
  guint same = 0, compared = 0, place = 0, place_compared = 0;

  compare_part (mw_json_string (one, "postalCode"), mw_json_string (other, "postalCode"), &place, &place_compared);
  compare_part (mw_json_string (one, "city"), mw_json_string (other, "city"), &place, &place_compared);
  for (guint i = 0; i < 5; i++)
    compare_part (mw_json_string (mw_json_item (one, "line", i), NULL), mw_json_string (mw_json_item (other, "line", i), NULL), &same, &compared);
  if (compared > 0 && same == compared && place > 0 && place == place_compared)
    return MW_MATCH_SAME;
  return place > 0 || (same > 0 && place_compared == 0) ? MW_MATCH_SIMILAR : MW_MATCH_DIFFERENT;
}

static MwMatchLikeness
compare_addresses (JsonNode *here,
                   JsonNode *there)
{
  guint           n = MIN (mw_json_length (here, "address"), MW_MATCH_MAX_REPEATS);
  guint           m = MIN (mw_json_length (there, "address"), MW_MATCH_MAX_REPEATS);
  MwMatchLikeness best = mw_match_absent (n > 0, m > 0);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m; j++)
      {
        JsonNode   *one = mw_json_item (here, "address", i);
        JsonNode   *other = mw_json_item (there, "address", j);
        const char *text = mw_json_string (one, "text");

        if (text != NULL && mw_fold_equal (text, mw_json_string (other, "text")))
          return MW_MATCH_SAME;
        best = mw_match_better (best, compare_address (one, other));
      }
  return best;
}

/* Returns: (transfer full): the values of one kind of contact point */
static GStrv
read_contacts (JsonNode    *patient,
               MwMatchField field)
{
  GPtrArray *values = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (patient, "telecom"), MW_MATCH_MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *telecom = mw_json_item (patient, "telecom", i);
      g_autofree char *raw = is_contact (telecom, field) ? mw_json_scalar (telecom, "value") : NULL;
      char            *value = mw_text_line (raw);

      if (value != NULL)
        g_ptr_array_add (values, value);
    }
  g_ptr_array_add (values, NULL);
  return (GStrv) g_ptr_array_free (values, FALSE);
}

static MwMatchLikeness
compare_contacts (JsonNode    *here,
                  JsonNode    *there,
                  MwMatchField field)
{
  g_auto (GStrv) ours = read_contacts (here, field);
  g_auto (GStrv) theirs = read_contacts (there, field);
  MwMatchLikeness best = mw_match_absent (ours[0] != NULL, theirs[0] != NULL);

  for (gsize i = 0; ours[i] != NULL; i++)
    for (gsize j = 0; theirs[j] != NULL; j++)
      best = mw_match_better (best, field == MW_MATCH_FIELD_EMAIL ? compare_email (ours[i], theirs[j]) : compare_phone (ours[i], theirs[j]));
  return best;
}

/* Identifiers, one system at a time */

static gboolean
is_of_system (JsonNode   *identifier,
              const char *system)
{
  return g_strcmp0 (mw_json_string (identifier, "system"), system) == 0 && mw_json_has (identifier, "value");
}

/* Returns: (transfer full): letters and digits only, in lower case */
static char *
bare_value (const char *text)
{
  GString *bare = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_isalnum (*at) || (*at & 0x80) != 0)
      g_string_append_c (bare, g_ascii_tolower (*at));
  return g_string_free (bare, FALSE);
}

static MwMatchLikeness
compare_identifier (JsonNode *one,
                    JsonNode *other)
{
  g_autofree char *a = mw_json_scalar (one, "value");
  g_autofree char *b = mw_json_scalar (other, "value");
  g_autofree char *bare_a = NULL;
  g_autofree char *bare_b = NULL;

  if (a == NULL || b == NULL)
    return MW_MATCH_UNKNOWN;
  bare_a = bare_value (g_strstrip (a));
  bare_b = bare_value (g_strstrip (b));
  if (g_str_equal (a, b))
    /* without a system two numbers may count different things */
    return mw_json_has (one, "system") ? MW_MATCH_SAME : MW_MATCH_SIMILAR;
  return *bare_a != '\0' && g_str_equal (bare_a, bare_b) ? MW_MATCH_SIMILAR : MW_MATCH_DIFFERENT;
}

static MwMatchLikeness
compare_system (JsonNode   *here,
                JsonNode   *there,
                const char *system,
                JsonNode  **one_of_here,
                JsonNode  **one_of_there)
{
  guint           n = MIN (mw_json_length (here, "identifier"), MAX_IDENTIFIERS);
  guint           m = MIN (mw_json_length (there, "identifier"), MAX_IDENTIFIERS);
  MwMatchLikeness best = MW_MATCH_UNKNOWN;

  *one_of_here = *one_of_there = NULL;
  for (guint j = 0; j < m && *one_of_there == NULL; j++)
    if (is_of_system (mw_json_item (there, "identifier", j), system))
      *one_of_there = mw_json_item (there, "identifier", j);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *one = mw_json_item (here, "identifier", i);

      if (!is_of_system (one, system))
        continue;
      if (*one_of_here == NULL)
        *one_of_here = one;
      for (guint j = 0; j < m; j++)
        {
          JsonNode       *other = mw_json_item (there, "identifier", j);
          MwMatchLikeness likeness = is_of_system (other, system) ? compare_identifier (one, other) : MW_MATCH_UNKNOWN;

          if (likeness != MW_MATCH_UNKNOWN && (best == MW_MATCH_UNKNOWN || likeness < best))
            {
              best = likeness;
              *one_of_here = one;
              *one_of_there = other;
            }
        }
    }
  return best != MW_MATCH_UNKNOWN ? best : mw_match_absent (*one_of_here != NULL, *one_of_there != NULL);
}

typedef void (*SystemFunc) (JsonNode       *one,
                            JsonNode       *other,
                            MwMatchLikeness likeness,
                            gpointer        user_data);

/* Calls @func for each system of either side, once */
static void
foreach_system (JsonNode  *here,
                JsonNode  *there,
                SystemFunc func,
                gpointer   user_data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonNode *const sides[] = { here, there };

  for (gsize side = 0; side < G_N_ELEMENTS (sides); side++)
    {
      guint n = MIN (mw_json_length (sides[side], "identifier"), MAX_IDENTIFIERS);

      for (guint i = 0; i < n; i++)
        {
          JsonNode       *identifier = mw_json_item (sides[side], "identifier", i);
          const char     *system = mw_json_string (identifier, "system");
          JsonNode       *one, *other;
          MwMatchLikeness likeness;

          /* numbers that only machines need, as in mw_identifier_text() */
          if (!mw_json_has (identifier, "value") || g_strcmp0 (system, MW_URI_SYSTEM) == 0 ||
              !g_hash_table_add (seen, (gpointer) (system != NULL ? system : "")))
            continue;
          likeness = compare_system (here, there, system, &one, &other);
          if (likeness != MW_MATCH_UNKNOWN)
            func (one, other, likeness, user_data);
        }
    }
}

static void
sum_up (JsonNode       *one,
        JsonNode       *other,
        MwMatchLikeness likeness,
        gpointer        user_data)
{
  MwMatchLikeness *sum = user_data;

  if (*sum == MW_MATCH_UNKNOWN || *sum >= MW_MATCH_ONLY_HERE)
    *sum = likeness;
  else if (likeness == MW_MATCH_DIFFERENT)
    *sum = MW_MATCH_DIFFERENT;
  else if (*sum == MW_MATCH_SIMILAR && likeness == MW_MATCH_SAME)
    *sum = MW_MATCH_SAME;
}

/**
 * mw_match_compare_field:
 * @here: (nullable): the Patient that is asked about
 * @there: (nullable): a candidate
 *
 * Of several names, numbers or addresses the pair that fits best counts; but identifiers of which one system
 * disagrees are DIFFERENT, whatever the others say. A name that is out of use fits no more than SIMILAR.
 */
MwMatchLikeness
mw_match_compare_field (JsonNode    *here,
                        JsonNode    *there,
                        MwMatchField field)
{
  MwMatchLikeness sum = MW_MATCH_UNKNOWN;

  switch (field)
    {
    case MW_MATCH_FIELD_FAMILY:
    case MW_MATCH_FIELD_GIVEN:
      return mw_match_compare_names (here, there, field);
    case MW_MATCH_FIELD_BIRTH_DATE:
      return compare_birth_dates (here, there);
    case MW_MATCH_FIELD_GENDER:
      return compare_genders (here, there);
    case MW_MATCH_FIELD_PHONE:
    case MW_MATCH_FIELD_EMAIL:
      return compare_contacts (here, there, field);
    case MW_MATCH_FIELD_ADDRESS:
      return compare_addresses (here, there);
    case MW_MATCH_FIELD_IDENTIFIER:
    default:
      foreach_system (here, there, sum_up, &sum);
      return sum;
    }
}

/* What a person reads */

static char *
show (JsonNode    *patient,
      MwMatchField field)
{
  g_auto (GStrv) contacts = NULL;
  g_autofree char *joined = NULL;

  switch (field)
    {
    case MW_MATCH_FIELD_FAMILY:
    case MW_MATCH_FIELD_GIVEN:
      return mw_match_show_names (patient, field);
    case MW_MATCH_FIELD_BIRTH_DATE:
      return mw_fhir_date_to_display (mw_json_string (patient, "birthDate"));
    case MW_MATCH_FIELD_GENDER:
      return mw_code_to_text (mw_json_string (patient, "gender"));
    case MW_MATCH_FIELD_PHONE:
    case MW_MATCH_FIELD_EMAIL:
      contacts = read_contacts (patient, field);
      joined = g_strjoinv (", ", contacts);
      return mw_text_line (joined);
    case MW_MATCH_FIELD_ADDRESS:
      return mw_address_text (mw_json_item (patient, "address", 0));
    case MW_MATCH_FIELD_IDENTIFIER:
    default:
      return NULL;
    }
}

static const char *
label (MwMatchField field)
{
  switch (field)
    {
    case MW_MATCH_FIELD_FAMILY:
      return _ ("Family name");
    case MW_MATCH_FIELD_GIVEN:
      return _ ("Given names");
    case MW_MATCH_FIELD_BIRTH_DATE:
      return _ ("Birth date");
    case MW_MATCH_FIELD_GENDER:
      return _ ("Gender");
    case MW_MATCH_FIELD_PHONE:
      return _ ("Telephone");
    case MW_MATCH_FIELD_EMAIL:
      return _ ("E-mail");
    case MW_MATCH_FIELD_ADDRESS:
      return _ ("Address");
    case MW_MATCH_FIELD_IDENTIFIER:
    default:
      return _ ("Number");
    }
}

static void
add_identifier (JsonNode       *one,
                JsonNode       *other,
                MwMatchLikeness likeness,
                gpointer        user_data)
{
  MwMatchDifference *line = g_new0 (MwMatchDifference, 1);
  g_autofree char   *here = mw_json_scalar (one, "value");
  g_autofree char   *there = mw_json_scalar (other, "value");

  line->field = MW_MATCH_FIELD_IDENTIFIER;
  line->likeness = likeness;
  line->label = mw_identifier_label (one);
  if (line->label == NULL)
    line->label = mw_identifier_label (other);
  if (line->label == NULL)
    line->label = g_strdup (label (MW_MATCH_FIELD_IDENTIFIER));
  line->here = mw_text_line (here);
  line->there = mw_text_line (there);
  g_ptr_array_add (user_data, line);
}

/**
 * mw_match_compare:
 * @here: (nullable): the Patient that is asked about
 * @there: (nullable): a candidate
 *
 * Returns: (transfer full) (element-type MwMatchDifference): what is known of either, for a side-by-side view: names,
 *   birth date, gender, one line for each system of identifiers, contacts and address. What neither side knows
 *   has no line
 */
GPtrArray *
mw_match_compare (JsonNode *here,
                  JsonNode *there)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (free_difference);

  for (int field = MW_MATCH_FIELD_FAMILY; field <= MW_MATCH_FIELD_ADDRESS; field++)
    {
      MwMatchDifference *line;
      MwMatchLikeness    likeness;

      if (field == MW_MATCH_FIELD_IDENTIFIER)
        {
          foreach_system (here, there, add_identifier, lines);
          continue;
        }
      likeness = mw_match_compare_field (here, there, (MwMatchField) field);
      if (likeness == MW_MATCH_UNKNOWN)
        continue;
      line = g_new0 (MwMatchDifference, 1);
      line->field = (MwMatchField) field;
      line->label = g_strdup (label ((MwMatchField) field));
      line->here = show (here, (MwMatchField) field);
      line->there = show (there, (MwMatchField) field);
      line->likeness = likeness;
      g_ptr_array_add (lines, line);
    }
  return lines;
}
