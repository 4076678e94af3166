/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-datatypes-private.h"

#include "mw-fhir-date.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static char *
coding_text (JsonNode *coding)
{
  char *text;

  if (coding != NULL && JSON_NODE_HOLDS_VALUE (coding))
    {
      /* a code has no blanks; words that a careless sender wrote in its place stay as they are */
      const char *bare = mw_json_string (coding, NULL);

      return bare != NULL && strchr (bare, ' ') != NULL ? mw_text_line (bare) : mw_code_to_text (bare);
    }
  text = mw_text_line (mw_json_string (coding, "display"));
  if (text == NULL)
    {
      g_autofree char *code = mw_json_scalar (coding, "code");
      const char      *bar = code != NULL ? strrchr (code, '#') : NULL;

      text = mw_code_to_text (bar != NULL && bar[1] != '\0' ? bar + 1 : code);
    }
  return text;
}

/**
 * mw_concept_text:
 * @concept: (nullable): a CodeableConcept, a Coding, a CodeableReference's concept or a bare code
 *
 * Returns: (transfer full) (nullable): its text, else the first display, else the code in words
 *   (FHIR R4 datatypes.html#CodeableConcept)
 */
char *
mw_concept_text (JsonNode *concept)
{
  guint n;
  char *text;

  if (concept != NULL && JSON_NODE_HOLDS_ARRAY (concept))
    concept = mw_json_item (concept, NULL, 0);
  if (concept == NULL || JSON_NODE_HOLDS_VALUE (concept))
    return coding_text (concept);
  if (mw_json_is_object (mw_json_get (concept, "concept")))
    concept = mw_json_get (concept, "concept");
  text = mw_text_clean (mw_json_string (concept, "text"), MW_TEXT_BLOCK, FALSE);
  n = MIN (mw_json_length (concept, "coding"), MW_DATATYPES_MAX_REPEATS);
  for (guint i = 0; text == NULL && i < n; i++)
    text = mw_text_line (mw_json_string (mw_json_item (concept, "coding", i), "display"));
  if (text == NULL && n > 0)
    text = coding_text (mw_json_item (concept, "coding", 0));
  return text != NULL ? text : coding_text (concept);
}

static gboolean
coding_matches (JsonNode   *coding,
                const char *system,
                const char *code)
{
  if (coding == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (coding))
    return system == NULL && g_strcmp0 (mw_json_string (coding, NULL), code) == 0;
  return g_strcmp0 (mw_json_string (coding, "code"), code) == 0 &&
         (system == NULL || g_strcmp0 (mw_json_string (coding, "system"), system) == 0);
}

/**
 * mw_concept_has_code:
 * @node: (nullable): where to start
 * @path: (nullable): from there to CodeableConcepts, Codings, CodeableReferences or codes, one or many
 * @system: (nullable): NULL accepts any code system
 * @code: the code
 *
 * Returns: whether one of them has @code, exactly
 */
gboolean
mw_concept_has_code (JsonNode   *node,
                     const char *path,
                     const char *system,
                     const char *code)
{
  guint n = mw_json_length (node, path);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = mw_json_item (node, path, i);
      guint     codings;

      if (mw_json_is_object (mw_json_get (item, "concept")))
        item = mw_json_get (item, "concept");
      if (coding_matches (item, system, code))
        return TRUE;
      codings = mw_json_length (item, "coding");
      for (guint j = 0; j < codings; j++)
        if (coding_matches (mw_json_item (item, "coding", j), system, code))
          return TRUE;
    }
  return FALSE;
}

static char *
period_text (JsonNode *period)
{
  return mw_fhir_date_range_to_display (mw_json_string (period, "start"), mw_json_string (period, "end"));
}

static char *
ratio_text (JsonNode *ratio)
{
  g_autofree char *numerator = mw_quantity_text (mw_json_get (ratio, "numerator"));
  g_autofree char *denominator = mw_quantity_text (mw_json_get (ratio, "denominator"));

  if (numerator == NULL || denominator == NULL)
    return numerator != NULL ? g_steal_pointer (&numerator) : g_steal_pointer (&denominator);
  return g_strdup_printf ("%s / %s", numerator, denominator);
}

static char *
money_text (JsonNode *money)
{
  g_autofree char *raw = mw_json_scalar (money, "value");
  g_autofree char *value = mw_text_line (raw);
  const char      *code = mw_json_string (money, "currency");
  g_autofree char *currency = mw_text_line (code != NULL ? code : mw_json_string (money, "code"));

  if (value == NULL)
    return NULL;
  return currency != NULL ? g_strdup_printf ("%s %s", value, currency) : g_steal_pointer (&value);
}

static char *
annotation_text (JsonNode                *annotation,
                 const MwDescribeContext *context)
{
  g_autofree char *text = mw_text_clean (mw_json_string (annotation, "text"), MW_TEXT_BLOCK, TRUE);
  const char      *suffix;
  JsonNode        *author = mw_json_choice (annotation, "author", &suffix);
  g_autofree char *origin = NULL;
  MwWords          words;

  mw_words_init (&words);
  mw_words_take (&words, ", ", author != NULL ? mw_datatype_to_text_in (author, suffix, context) : NULL);
  mw_words_take (&words, ", ", mw_fhir_date_to_display (mw_json_string (annotation, "time")));
  origin = mw_words_end (&words);
  if (text == NULL || origin == NULL)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s (%s)", text, origin);
}

static char *
attachment_text (JsonNode *attachment)
{
  char       *text = mw_text_line (mw_json_string (attachment, "title"));
  const char *type = mw_json_string (attachment, "contentType");

  if (text != NULL)
    return text;
  if (type == NULL)
    return mw_json_has (attachment, "url") || mw_json_has (attachment, "data") ? g_strdup (_ ("Attached file")) : NULL;
  if (g_str_has_prefix (type, "application/pdf"))
    return g_strdup (_ ("PDF document"));
  if (g_str_has_prefix (type, "image/"))
    return g_strdup (_ ("Picture"));
  if (g_str_has_prefix (type, "text/"))
    return g_strdup (_ ("Text document"));
  return g_strdup (_ ("Attached file"));
}

static char *
sampled_text (JsonNode *sampled)
{
  const char      *data = mw_json_string (sampled, "data");
  g_autofree char *unit = mw_text_line (mw_json_string (sampled, "origin.unit"));
  guint            n = 0;

  for (const char *at = data; at != NULL && *at != '\0'; at++)
    if (*at != ' ' && (at[1] == ' ' || at[1] == '\0'))
      n++;
  if (unit != NULL)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u measured value in %s", "%u measured values in %s", n), n, unit);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u measured value", "%u measured values", n), n);
}

static char *
signature_text (JsonNode                *signature,
                const MwDescribeContext *context)
{
  JsonNode        *who = mw_json_choice (signature, "who", NULL);
  g_autofree char *name = NULL;
  g_autofree char *when = mw_fhir_date_to_display (mw_json_string (signature, "when"));

  name = mw_datatype_to_text_in (who != NULL ? who : mw_json_get (signature, "who"), NULL, context);
  if (name == NULL && when == NULL)
    return g_strdup (_ ("Signed"));
  if (when == NULL)
    /* Translators: %s is a person */
    return g_strdup_printf (_ ("Signed by %s"), name);
  if (name == NULL)
    /* Translators: %s is a time */
    return g_strdup_printf (_ ("Signed on %s"), when);
  /* Translators: a person, and a time */
  return g_strdup_printf (_ ("Signed by %s on %s"), name, when);
}

static char *
codeable_reference_text (JsonNode                *value,
                         const MwDescribeContext *context)
{
  JsonNode *concept = mw_json_get (value, "concept");
  char     *text = concept != NULL ? mw_concept_text (concept) : NULL;

  return text != NULL ? text : mw_reference_text (mw_json_get (value, "reference"), context);
}

/* A string that holds JSON of its own, such as the context of an app launch */
static gboolean
is_json (const char *text)
{
  const char *at = text + strspn (text, " \t\r\n");

  return *at == '{' || (*at == '[' && strchr (at, '{') != NULL) ? strchr (at, '"') != NULL : FALSE;
}

static char *
primitive_text (JsonNode   *value,
                const char *type)
{
  g_autofree char *text = mw_json_scalar (value, NULL);
  MwFhirDate       date;

  if (text == NULL)
    return NULL;
  if (type != NULL && g_ascii_strcasecmp (type, "base64Binary") == 0)
    return g_strdup (_ ("Data"));
  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return g_strdup (mw_json_boolean (value, NULL, FALSE) ? _ ("Yes") : _ ("No"));
  if (type != NULL && g_ascii_strcasecmp (type, "code") == 0)
    return mw_code_to_text (text);
  if (type != NULL && (g_ascii_strcasecmp (type, "date") == 0 || g_ascii_strcasecmp (type, "dateTime") == 0))
    return mw_fhir_date_to_display (text);
  if (is_json (text))
    return g_strdup (_ ("Data for a program"));
  if ((type == NULL || g_ascii_strcasecmp (type, "string") != 0) && mw_fhir_date_parse (text, &date) && date.precision >= MW_FHIR_DATE_DAY)
    return mw_fhir_date_to_display (text);
  return mw_text_clean (text, MW_TEXT_BLOCK, TRUE);
}

/* Whether any of the members is there */
static gboolean
has_any (JsonNode   *value,
         const char *first,
         const char *second,
         const char *third)
{
  return mw_json_has (value, first) || (second != NULL && mw_json_has (value, second)) || (third != NULL && mw_json_has (value, third));
}

static gboolean
is_contact_point (JsonNode *value)
{
  static const char *const systems[] = { "phone", "fax", "email", "pager", "url", "sms", "other", NULL };
  const char              *system = mw_json_string (value, "system");

  return mw_json_has (value, "value") && system != NULL && g_strv_contains (systems, system);
}

/* The type of a datatype by its members, for choices and arrays whose name does not tell */
static const char *
guess_type (JsonNode *value)
{
  if (has_any (value, "coding", NULL, NULL))
    return "CodeableConcept";
  if (mw_json_is_object (mw_json_get (value, "concept")) || mw_json_is_object (mw_json_get (value, "reference")))
    return "CodeableReference";
  if (mw_json_string (value, "reference") != NULL || mw_json_is_object (mw_json_get (value, "identifier")))
    return "Reference";
  if (has_any (value, "family", "given", NULL))
    return "HumanName";
  if (has_any (value, "line", "city", "postalCode"))
    return "Address";
  if (is_contact_point (value))
    return "ContactPoint";
  if (mw_json_is_object (mw_json_get (value, "origin")))
    return "SampledData";
  if (mw_json_is_object (mw_json_get (value, "numerator")) || mw_json_is_object (mw_json_get (value, "denominator")))
    return "Ratio";
  if (mw_json_is_object (mw_json_get (value, "low")) || mw_json_is_object (mw_json_get (value, "high")))
    return "Range";
  if (has_any (value, "repeat", NULL, NULL))
    return "Timing";
  if (has_any (value, "doseAndRate", "asNeededBoolean", "doseQuantity") || has_any (value, "timing", "route", "patientInstruction"))
    return "Dosage";
  if (has_any (value, "sigFormat", "who", "whoReference"))
    return "Signature";
  if (has_any (value, "contentType", "data", NULL))
    return "Attachment";
  if (has_any (value, "start", "end", NULL))
    return "Period";
  if (has_any (value, "currency", NULL, NULL))
    return "Money";
  if (has_any (value, "value", NULL, NULL))
    return has_any (value, "unit", "comparator", "code") || json_node_get_value_type (mw_json_get (value, "value")) == G_TYPE_INT64
               ? "Quantity"
               : "Identifier";
  if (mw_json_has (value, "text"))
    return "Annotation";
  if (has_any (value, "code", "display", NULL))
    return "Coding";
  if (has_any (value, "url", "title", NULL))
    return "Attachment";
  return NULL;
}

static char *
complex_text (JsonNode                *value,
              const char              *type,
              const MwDescribeContext *context)
{
  if (g_str_equal (type, "CodeableConcept"))
    return mw_concept_text (value);
  if (g_str_equal (type, "Coding"))
    return coding_text (value);
  if (g_str_equal (type, "CodeableReference"))
    return codeable_reference_text (value, context);
  if (g_str_equal (type, "Reference"))
    return mw_reference_text (value, context);
  if (g_str_equal (type, "HumanName"))
    return mw_human_name_text (value);
  if (g_str_equal (type, "Address"))
    return mw_address_text (value);
  if (g_str_equal (type, "ContactPoint"))
    return mw_contact_point_text (value);
  if (g_str_equal (type, "Identifier"))
    return mw_identifier_text (value);
  if (g_str_equal (type, "Ratio") || g_str_equal (type, "RatioRange"))
    return ratio_text (value);
  if (g_str_equal (type, "Range"))
    return mw_range_text (value);
  if (g_str_equal (type, "Timing"))
    return mw_timing_text (value);
  if (g_str_equal (type, "Dosage"))
    return mw_dosage_text (value, context);
  if (g_str_equal (type, "Attachment"))
    return attachment_text (value);
  if (g_str_equal (type, "Signature"))
    return signature_text (value, context);
  if (g_str_equal (type, "SampledData"))
    return sampled_text (value);
  if (g_str_equal (type, "Period"))
    return period_text (value);
  if (g_str_equal (type, "Money"))
    return money_text (value);
  if (g_str_equal (type, "Annotation"))
    return annotation_text (value, context);
  if (g_str_equal (type, "Quantity") || g_str_equal (type, "Age") || g_str_equal (type, "Duration") ||
      g_str_equal (type, "Count") || g_str_equal (type, "Distance") || g_str_equal (type, "SimpleQuantity"))
    return mw_quantity_text (value);
  return NULL;
}

/**
 * mw_datatype_to_text_in:
 * @value: (nullable): one value, or an array of which the first is taken
 * @type: (nullable): its datatype, such as mw_json_choice() tells; NULL guesses by its members
 * @context: (nullable): where references are looked up
 *
 * Returns: (transfer full) (nullable): the value in words, safe to show; NULL when it holds nothing for
 *   a person, or is no datatype but a structure
 */
char *
mw_datatype_to_text_in (JsonNode                *value,
                        const char              *type,
                        const MwDescribeContext *context)
{
  const char *guessed;
  char       *text;

  if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
    value = mw_json_item (value, NULL, 0);
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (value))
    {
      /* careless senders write a name or a reference as a bare string */
      if (g_strcmp0 (type, "Reference") == 0)
        return mw_reference_text (value, context);
      return primitive_text (value, type);
    }
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return NULL;
  if (mw_resource_type (value) != NULL)
    return mw_resource_title_in (value, context);
  text = type != NULL ? complex_text (value, type, context) : NULL;
  guessed = text == NULL ? guess_type (value) : NULL;
  return guessed != NULL ? complex_text (value, guessed, context) : text;
}

/**
 * mw_datatype_to_text:
 *
 * As mw_datatype_to_text_in() where no reference can be looked up.
 *
 * Returns: (transfer full) (nullable): the value in words
 */
char *
mw_datatype_to_text (JsonNode   *value,
                     const char *type)
{
  return mw_datatype_to_text_in (value, type, NULL);
}

/* Returns: (nullable): all values at @path in words, with commas between them */
char *
mw_join_texts (JsonNode                *node,
               const char              *path,
               const char              *type,
               const MwDescribeContext *context)
{
  guint   n = MIN (mw_json_length (node, path), MW_DATATYPES_MAX_REPEATS);
  MwWords words;

  mw_words_init (&words);
  for (guint i = 0; i < n; i++)
    mw_words_take (&words, ", ", mw_datatype_to_text_in (mw_json_item (node, path, i), type, context));
  return mw_words_end (&words);
}
