/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-place.h"

#include "mw-config.h"
#include "mw-draft.h"

#include <glib/gi18n-lib.h>

#define ENTRIES(nick, words, icon_name, only, is_nested, is_optional, none, none_text)                                  \
  {                                                                                                                     \
    .name = nick, .title = words, .icon = icon_name, .content = MW_PLACE_OF_ENTRIES, .kind = only, .nested = is_nested, \
    .optional = is_optional, .empty_title = none, .empty_text = none_text                                               \
  }
#define ITEMS(nick, words, icon_name, item_view, none, none_text)                                     \
  {                                                                                                   \
    .name = nick, .title = words, .icon = icon_name, .content = MW_PLACE_OF_ITEMS, .view = item_view, \
    .empty_title = none, .empty_text = none_text                                                      \
  }

static const MwPlace places[MW_N_PLACES] = {
  [MW_PLACE_INBOX] = ENTRIES ("inbox", N_ ("Inbox"), "mw-inbox-symbolic", NULL, FALSE, FALSE, N_ ("Nothing Here"), N_ ("The inbox is empty.")),
  [MW_PLACE_ALERTS] = ENTRIES ("alerts", N_ ("Alerts"), "mw-alert-symbolic", MW_KIND_ALERT, TRUE, FALSE, N_ ("No Alerts"), N_ ("Admissions, discharges and other events arrive here.")),
  [MW_PLACE_REFERRALS] = ENTRIES ("referrals", N_ ("Referrals"), "mw-referral-symbolic", MW_KIND_REFERRAL, TRUE, FALSE, N_ ("No Referrals"), N_ ("Referrals to you, and news of those you sent, arrive here.")),
  [MW_PLACE_MESSAGES] = ENTRIES ("messages", N_ ("Messages"), "mw-message-symbolic", MW_KIND_MESSAGE, TRUE, FALSE, N_ ("No Messages"), N_ ("Messages from colleagues and care teams arrive here.")),
  [MW_PLACE_REQUESTS] = ENTRIES ("requests", N_ ("Requests"), "mw-request-symbolic", MW_KIND_REQUEST, TRUE, FALSE, N_ ("No Requests"), N_ ("What others want to know from you arrives here.")),
  [MW_PLACE_ASKS] = ENTRIES ("asks", N_ ("Questions"), "mw-ask-symbolic", MW_KIND_ASK, TRUE, TRUE, N_ ("No Questions"), N_ ("Questions and the answers to yours arrive here.")),
  [MW_PLACE_PUSHES] = ENTRIES ("pushes", N_ ("Shared Records"), "mw-push-symbolic", MW_KIND_PUSH, TRUE, TRUE, N_ ("No Shared Records"), N_ ("Patient information that others send you arrives here.")),
  [MW_PLACE_SNOOZED] = ENTRIES ("snoozed", N_ ("Snoozed"), "document-open-recent-symbolic", NULL, TRUE, TRUE, N_ ("Nothing Snoozed"), N_ ("What you put off comes back to the inbox by itself.")),
  [MW_PLACE_WAITING] = ITEMS ("waiting", N_ ("Waiting for Others"), "mw-waiting-symbolic", MW_ITEM_VIEW_WAITING, N_ ("Nobody Owes You an Answer"), N_ ("What you asked others for waits here until they answer.")),
  [MW_PLACE_OUTBOX] = ITEMS ("outbox", N_ ("Outbox"), "mw-outbox-symbolic", MW_ITEM_VIEW_OUTBOX, N_ ("All Has Left"), N_ ("What you save waits here until the recipient's server has taken it.")),
  [MW_PLACE_HANDED_OVER] = ITEMS ("handed-over", N_ ("Handed Over"), "mw-handed-over-symbolic", MW_ITEM_VIEW_HANDED_OVER, N_ ("Nothing Handed Over Yet"), N_ ("What a recipient's server has taken is listed here.")),
  [MW_PLACE_DRAFTS] = ITEMS ("drafts", N_ ("Drafts"), "mw-drafts-symbolic", MW_ITEM_VIEW_DRAFTS, N_ ("No Drafts"), N_ ("What you begin to write is kept here by itself.")),
  [MW_PLACE_ARCHIVE] = ENTRIES ("archive", N_ ("Archive"), "folder-documents-symbolic", NULL, FALSE, FALSE, N_ ("Nothing Archived"), N_ ("What you have dealt with is kept here.")),
  [MW_PLACE_PATIENTS] = { .name = "patients", .title = N_ ("Patients"), .icon = "mw-patients-symbolic", .content = MW_PLACE_OF_PATIENTS },
};

const MwPlace *
mw_place_get (MwPlaceId id)
{
  g_return_val_if_fail ((guint) id < MW_N_PLACES, &places[MW_PLACE_INBOX]);
  return &places[id];
}

const char *
mw_place_title (MwPlaceId id)
{
  return _ (mw_place_get (id)->title);
}

gboolean
mw_place_from_name (const char *name,
                    MwPlaceId  *id)
{
  for (guint i = 0; i < MW_N_PLACES; i++)
    if (g_strcmp0 (places[i].name, name) == 0)
      {
        *id = (MwPlaceId) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * mw_place_ids:
 * @text: (nullable): what was typed into the search field
 * @keep: (nullable) (element-type gint64): what a search for the unread has shown so far
 * @ids: (element-type gint64): what the place lists is appended
 *
 * For a large inbox a read of some milliseconds: off the GTK thread.
 */
gboolean
mw_place_ids (MwDb       *db,
              MwPlaceId   id,
              const char *text,
              gint64      now,
              GArray     *keep,
              GArray     *ids,
              GError    **error)
{
  const MwPlace *place = mw_place_get (id);
  MwEntryFilter  filter = { .kind = place->kind, .text = text, .now = now, .keep = keep };

  if (text != NULL && *text == '\0')
    filter.text = text = NULL;
  switch (place->content)
    {
    case MW_PLACE_OF_ENTRIES:
      filter.archived = id == MW_PLACE_ARCHIVE;
      filter.snoozed = id == MW_PLACE_SNOOZED;
      return mw_entries_ids (db, &filter, ids, error);
    case MW_PLACE_OF_ITEMS:
      return mw_items_ids (db, place->view, text, ids, error);
    case MW_PLACE_OF_PATIENTS:
    default:
      return TRUE;
    }
}

typedef struct
{
  const char *kind;
  const char *icon;
  const char *color;
  const char *word;
} KindLook;

static const KindLook looks[] = {
  { MW_KIND_ALERT, "mw-alert-symbolic", "error_color", NC_ ("kind", "Alert") },
  { MW_KIND_REFERRAL, "mw-referral-symbolic", "accent_color", NC_ ("kind", "Referral") },
  { MW_KIND_MESSAGE, "mw-message-symbolic", "success_color", NC_ ("kind", "Message") },
  { MW_KIND_REQUEST, "mw-request-symbolic", "warning_color", NC_ ("kind", "Request") },
  { MW_KIND_ASK, "mw-ask-symbolic", "warning_color", NC_ ("kind", "Question") },
  { MW_KIND_PUSH, "mw-push-symbolic", "window_fg_color", NC_ ("kind", "Shared record") },
};

static const KindLook *
look_of (const char *kind)
{
  static const KindLook other = { "", "mw-inbox-symbolic", "window_fg_color", NC_ ("kind", "Other") };

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_strcmp0 (looks[i].kind, kind) == 0)
      return &looks[i];
  return &other;
}

const char *
mw_kind_icon (const char *kind)
{
  return look_of (kind)->icon;
}

/**
 * mw_kind_color:
 *
 * Returns: the style sheet's name of the kind's colour; never its only sign
 */
const char *
mw_kind_color (const char *kind)
{
  return look_of (kind)->color;
}

const char *
mw_kind_word (const char *kind)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "kind", look_of (kind)->word);
}
