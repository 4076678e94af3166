/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * mw_text_is_deceptive:
 *
 * Overrides and isolates reorder a name or a file ending, tags and interlinear marks hide text. The marks
 * LRM and RLM are not meant: honest Arabic and Hebrew text uses them, and they reorder nothing that has a letter.
 *
 * Returns: whether @c draws nothing itself but changes what is seen around it
 */
gboolean
mw_text_is_deceptive (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x206f) || c == 0xfeff || c == 0x200b ||
         (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f) || c == 0x00ad || c == 0x180e;
}

static gboolean
is_line_break (gunichar c)
{
  return c == '\n' || c == '\r' || c == 0x0b || c == 0x0c || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Takes trailing blanks of the line off, and allows one empty line at most */
static void
append_break (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  if (out->len == 0 || (out->len >= 2 && out->str[out->len - 1] == '\n' && out->str[out->len - 2] == '\n'))
    return;
  g_string_append_c (out, '\n');
}

/**
 * mw_text_clean:
 * @text: (nullable): text of unknown origin
 * @max_characters: the longest result; what is cut off is shown by an ellipsis
 * @keep_lines: whether line breaks stay (at most one empty line in a row) or become blanks
 *
 * Makes remote text safe to show: valid UTF-8 without control characters and without the
 * characters that reorder or hide text, runs of blanks collapsed, no blanks at the ends.
 *
 * Returns: (transfer full) (nullable): the text, or NULL when nothing is left
 */
char *
mw_text_clean (const char *text,
               gsize       max_characters,
               gboolean    keep_lines)
{
  g_autofree char *valid = NULL;
  GString         *out;
  gsize            count = 0;
  const char      *at;

  if (text == NULL)
    return NULL;
  /* long enough for any cut to come from the count below */
  valid = g_utf8_make_valid (text, (gssize) strnlen (text, max_characters * 24 + 64));
  out = g_string_new (NULL);
  for (at = valid; *at != '\0' && count < max_characters; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (mw_text_is_deceptive (c))
        continue;
      if (is_line_break (c) && keep_lines)
        {
          if (c == '\r' && at[1] == '\n')
            continue;
          append_break (out);
        }
      else if (is_line_break (c) || g_unichar_isspace (c))
        {
          if (out->len == 0 || strchr (" \n", out->str[out->len - 1]) != NULL)
            continue;
          g_string_append_c (out, ' ');
        }
      else if (!g_unichar_iscntrl (c) && g_unichar_type (c) != G_UNICODE_PRIVATE_USE)
        g_string_append_unichar (out, c);
      else
        continue;
      count++;
    }
  while (out->len > 0 && strchr (" \n", out->str[out->len - 1]) != NULL)
    g_string_truncate (out, out->len - 1);
  if (*at != '\0' && out->len > 0)
    g_string_append (out, "…");
  if (out->len == 0)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  return g_string_free (out, FALSE);
}

/**
 * mw_text_line:
 *
 * Returns: (transfer full) (nullable): @text as one safe line of at most MW_TEXT_LINE characters
 */
char *
mw_text_line (const char *text)
{
  return mw_text_clean (text, MW_TEXT_LINE, FALSE);
}

/**
 * mw_text_humanise:
 * @name: (nullable): an element name or a code: "birthDate", "in-progress", "HTTPServer"
 *
 * Returns: (transfer full) (nullable): it as words with a capital first: "Birth date", "In progress"
 */
char *
mw_text_humanise (const char *name)
{
  g_autofree char *clean = mw_text_line (name);
  gboolean         has_lower = FALSE;
  GString         *out;

  if (clean == NULL)
    return NULL;
  for (const char *at = clean; *at != '\0'; at++)
    has_lower |= g_ascii_islower (*at);
  if (!has_lower)
    return g_steal_pointer (&clean);

  out = g_string_new (NULL);
  for (const char *at = clean; *at != '\0'; at++)
    {
      gboolean upper = g_ascii_isupper (*at);

      if (*at == '-' || *at == '_' || *at == ' ')
        {
          if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c (out, ' ');
          continue;
        }
      if (upper && at > clean && g_ascii_islower (at[-1]))
        g_string_append_c (out, ' ');
      /* a run of capitals is an abbreviation and stays one */
      if (upper && out->len > 0 && !g_ascii_isupper (at[1]) && (at == clean || !g_ascii_isupper (at[-1])))
        g_string_append_c (out, g_ascii_tolower (*at));
      else
        g_string_append_c (out, *at);
    }
  if (out->len > 0)
    out->str[0] = g_ascii_toupper (out->str[0]);
  return g_string_free (out, FALSE);
}

/* The codes that clinicians meet daily, so that they can be translated; and those that are no words */
static const struct
{
  const char *code;
  const char *words;
} code_words[] = {
  { "AMB", N_ ("Ambulatory") },
  { "EMER", N_ ("Emergency") },
  { "FLD", N_ ("Field") },
  { "HH", N_ ("Critically high") },
  { "LL", N_ ("Critically low") },
  { "IMP", N_ ("Inpatient") },
  { "ACUTE", N_ ("Inpatient, acute") },
  { "NONAC", N_ ("Inpatient, not acute") },
  { "OBSENC", N_ ("Observation") },
  { "PRENC", N_ ("Pre-admission") },
  { "SS", N_ ("Short stay") },
  { "UNK", N_ ("Unknown") },
  { "VR", N_ ("Virtual") },
  { "HOSP", N_ ("Hospital") },
  { "accepted", N_ ("Accepted") },
  { "active", N_ ("Active") },
  { "aborted", N_ ("Aborted") },
  { "amended", N_ ("Amended") },
  { "arrived", N_ ("Arrived") },
  { "asap", N_ ("As soon as possible") },
  { "booked", N_ ("Booked") },
  { "busy", N_ ("Busy") },
  { "busy-tentative", N_ ("Busy, tentatively") },
  { "busy-unavailable", N_ ("Not available") },
  { "cancelled", N_ ("Cancelled") },
  { "confirmed", N_ ("Confirmed") },
  { "completed", N_ ("Completed") },
  { "complete", N_ ("Complete") },
  { "corrected", N_ ("Corrected") },
  { "current", N_ ("Current") },
  { "declined", N_ ("Declined") },
  { "discharged", N_ ("Discharged") },
  { "draft", N_ ("Draft") },
  { "entered-in-error", N_ ("Entered in error") },
  { "error", N_ ("Error") },
  { "failed", N_ ("Failed") },
  { "female", N_ ("Female") },
  { "final", N_ ("Final") },
  { "finished", N_ ("Finished") },
  { "free", N_ ("Free") },
  { "fulfilled", N_ ("Fulfilled") },
  { "generated", N_ ("Generated") },
  { "in-progress", N_ ("In progress") },
  { "inactive", N_ ("Inactive") },
  { "male", N_ ("Male") },
  { "needs-action", N_ ("Needs an answer") },
  { "noshow", N_ ("Did not come") },
  { "not-done", N_ ("Not done") },
  { "off", N_ ("Off") },
  { "on-hold", N_ ("On hold") },
  { "onleave", N_ ("On leave") },
  { "order", N_ ("Order") },
  { "other", N_ ("Other") },
  { "pending", N_ ("Pending") },
  { "planned", N_ ("Planned") },
  { "preliminary", N_ ("Preliminary") },
  { "preparation", N_ ("In preparation") },
  { "proposal", N_ ("Proposal") },
  { "proposed", N_ ("Proposed") },
  { "ready", N_ ("Ready") },
  { "received", N_ ("Received") },
  { "registered", N_ ("Registered") },
  { "rejected", N_ ("Rejected") },
  { "requested", N_ ("Requested") },
  { "resolved", N_ ("Resolved") },
  { "retired", N_ ("Retired") },
  { "revoked", N_ ("Revoked") },
  { "routine", N_ ("Routine") },
  { "stat", N_ ("Immediately") },
  { "stopped", N_ ("Stopped") },
  { "superseded", N_ ("Superseded") },
  { "suspended", N_ ("Suspended") },
  { "tentative", N_ ("Tentative") },
  { "triaged", N_ ("Triaged") },
  { "unconfirmed", N_ ("Unconfirmed") },
  { "unknown", N_ ("Unknown") },
  { "urgent", N_ ("Urgent") },
  { "waitlist", N_ ("On the waiting list") },
};

/**
 * mw_code_to_text:
 * @code: (nullable): a code of FHIR's own: a status, a priority, a class
 *
 * Returns: (transfer full) (nullable): it in words: "in-progress" is "In progress"
 */
char *
mw_code_to_text (const char *code)
{
  if (code == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (code_words); i++)
    if (g_str_equal (code_words[i].code, code))
      return g_strdup (_ (code_words[i].words));
  return mw_text_humanise (code);
}
