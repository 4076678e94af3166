/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-connect-window.h"

#include "mw-compat.h"
#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-connect.h"
#include "mw-error-text.h"
#include "mw-own-key.h"
#include "mw-public-key-row.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _MwConnectWindow
{
  AdwWindow parent_instance;

  GtkWidget    *progress;
  GtkWidget    *trouble;
  GtkLabel     *trouble_label;
  GtkEditable  *url;
  GtkEditable  *name;
  GtkEditable  *me;
  GtkSwitch    *home;
  GtkSwitch    *directory;
  AdwComboRow  *access;
  GtkEditable  *token;
  GtkEditable  *client_id;
  GtkEditable  *redirect;
  GtkWidget    *waiting;
  GtkEditable  *secret;
  AdwActionRow *key;
  GtkWidget    *make_key;
  AdwActionRow *ca;
  GtkWidget    *ca_clear;
  AdwActionRow *certificate;
  GtkWidget    *certificate_clear;

  MwPublicKeyRow *public_key;

  MwStore      *store;
  GCancellable *cancellable;
  char         *ca_file;
  char         *cert_file;
  char         *key_file;
  GCancellable *key_search;  /* while it lasts */
  gboolean      key_wanted;  /* by the person, not only looked for */
  char         *key_url;     /* the server that @own_key is for, or is looked for */
  MwKey        *own_key;     /* made here */
  char         *key_trouble; /* why there is none */
  char         *address;     /* where the person signs in */
  guint         pulse;
};

enum
{
  ACCESS_OPEN,
  ACCESS_SMART,
  ACCESS_TOKEN,
  ACCESS_SECRET,
  ACCESS_KEY,
};

static const char *const access_names[] = { "open", "smart", "token", "secret", "key" };

G_DEFINE_FINAL_TYPE (MwConnectWindow, mw_connect_window, ADW_TYPE_WINDOW)

static char *
dup_text (GtkEditable *editable)
{
  char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));

  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static gboolean
has_text (GtkEditable *editable)
{
  g_autofree char *text = dup_text (editable);

  return text != NULL;
}

/* Returns: (transfer full) (nullable): the server's address in the form in which secrets are kept under it */
static char *
dup_base (MwConnectWindow *self)
{
  g_autofree char *text = dup_text (self->url);

  return text != NULL ? mw_base_url_normalise (text) : NULL;
}

/* Whether there is all that the chosen way in needs */
static gboolean
is_complete (MwConnectWindow *self)
{
  switch (adw_combo_row_get_selected (self->access))
    {
    case ACCESS_SMART:
      return has_text (self->client_id);
    case ACCESS_TOKEN:
      return has_text (self->token);
    case ACCESS_SECRET:
      return has_text (self->client_id) && has_text (self->secret);
    case ACCESS_KEY:
      return has_text (self->client_id) && (self->key_file != NULL || self->own_key != NULL);
    default:
      return TRUE;
    }
}

static void
forget_own_key (MwConnectWindow *self)
{
  g_cancellable_cancel (self->key_search);
  g_clear_object (&self->key_search);
  g_clear_pointer (&self->key_url, g_free);
  g_clear_pointer (&self->own_key, mw_key_free);
  g_clear_pointer (&self->key_trouble, g_free);
  mw_public_key_row_set_key (self->public_key, NULL);
}

static void
show_key (MwConnectWindow *self)
{
  gboolean         shown = adw_combo_row_get_selected (self->access) == ACCESS_KEY;
  g_autofree char *file = self->key_file != NULL ? g_filename_display_basename (self->key_file) : NULL;
  const char      *text = _ ("A file that only you can read, PEM or JWK");

  if (self->key_trouble != NULL)
    text = self->key_trouble;
  else if (file != NULL)
    text = file;
  else if (self->own_key != NULL)
    text = _ ("Made here, in the keyring");
  gtk_widget_set_visible (GTK_WIDGET (self->key), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->public_key), shown && self->own_key != NULL);
  gtk_widget_set_visible (self->make_key, self->own_key == NULL);
  adw_action_row_set_subtitle (self->key, text);
}

static void
changed_cb (MwConnectWindow *self)
{
  guint            access = adw_combo_row_get_selected (self->access);
  g_autofree char *url = dup_base (self);

  if (self->key_url != NULL && g_strcmp0 (self->key_url, url) != 0)
    forget_own_key (self);
  gtk_widget_set_visible (GTK_WIDGET (self->token), access == ACCESS_TOKEN);
  gtk_widget_set_visible (GTK_WIDGET (self->client_id), access == ACCESS_SECRET || access == ACCESS_KEY || access == ACCESS_SMART);
  gtk_widget_set_visible (GTK_WIDGET (self->redirect), access == ACCESS_SMART);
  gtk_widget_set_visible (GTK_WIDGET (self->secret), access == ACCESS_SECRET);
  gtk_widget_set_sensitive (self->make_key, url != NULL);
  show_key (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.go", has_text (self->url) && self->pulse == 0 && is_complete (self));
}

static gboolean
pulse (gpointer user_data)
{
  MwConnectWindow *self = user_data;

  gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
  return G_SOURCE_CONTINUE;
}

static void
set_busy (MwConnectWindow *self,
          gboolean         busy)
{
  g_clear_handle_id (&self->pulse, g_source_remove);
  if (busy)
    self->pulse = g_timeout_add (120, pulse, self);
  gtk_widget_set_visible (self->progress, busy);
  gtk_widget_set_visible (self->waiting, FALSE);
  changed_cb (self);
}

/* A server that wants to know who it is: most often somebody with a browser */
static void
offer_sign_in (MwConnectWindow *self,
               const GError    *error)
{
  GtkWidget *next = GTK_WIDGET (self->url);

  if (g_error_matches (error, MW_CONNECT_ERROR, MW_CONNECT_ERROR_SIGN_IN) && adw_combo_row_get_selected (self->access) == ACCESS_OPEN)
    {
      adw_combo_row_set_selected (self->access, ACCESS_SMART);
      next = GTK_WIDGET (self->client_id);
    }
  gtk_widget_grab_focus (next);
}

static void
connected (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (MwConnectWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  mw_connect_finish (MW_STORE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_cancellable_is_cancelled (self->cancellable))
    return;
  set_busy (self, FALSE);
  if (error == NULL)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  text = mw_error_text (error);
  gtk_label_set_text (self->trouble_label, text);
  gtk_widget_set_visible (self->trouble, TRUE);
  offer_sign_in (self, error);
}

static void
browser_again_cb (MwConnectWindow *self)
{
  if (self->address != NULL)
    mw_compat_show_uri (GTK_WINDOW (self), self->address);
}

static void
show_address (const char *url,
              gpointer    user_data)
{
  MwConnectWindow *self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (self->address);
  self->address = g_strdup (url);
  gtk_widget_set_visible (self->waiting, TRUE);
  browser_again_cb (self);
}

static void
go_cb (MwConnectWindow *self)
{
  guint            access = adw_combo_row_get_selected (self->access);
  gboolean         client = access == ACCESS_SECRET || access == ACCESS_KEY || access == ACCESS_SMART;
  g_autofree char *redirect = access == ACCESS_SMART ? dup_text (self->redirect) : NULL;
  MwBrowser        browser = { .func = show_address, .user_data = self };
  g_autofree char *url = dup_text (self->url);
  g_autofree char *name = dup_text (self->name);
  g_autofree char *me = dup_text (self->me);
  g_autofree char *client_id = client ? dup_text (self->client_id) : NULL;
  g_autofree char *secret = access == ACCESS_TOKEN ? dup_text (self->token) : access == ACCESS_SECRET ? dup_text (self->secret)
                                                                                                      : NULL;
  MwConnection     wanted = { .name = name, .url = url, .me = me };

  if (url == NULL || self->pulse != 0 || !is_complete (self))
    return;
  if (access == ACCESS_KEY && self->key_file == NULL)
    secret = mw_key_to_pem (self->own_key);
  wanted.home = gtk_switch_get_active (self->home);
  wanted.directory = gtk_switch_get_active (self->directory);
  wanted.auth = (char *) access_names[access];
  wanted.client_id = client_id;
  wanted.redirect = redirect;
  wanted.key_file = access == ACCESS_KEY ? self->key_file : NULL;
  wanted.ca_file = self->ca_file;
  wanted.cert_file = self->cert_file;
  wanted.enabled = TRUE;
  gtk_widget_set_visible (self->trouble, FALSE);
  set_busy (self, TRUE);
  mw_connect_in_browser_async (self->store, &wanted, secret, &browser, self->cancellable, connected, g_object_ref (self));
}

static void
go_action_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  go_cb (MW_CONNECT_WINDOW (widget));
}

static void
show_ca (MwConnectWindow *self)
{
  g_autofree char *base = self->ca_file != NULL ? g_filename_display_basename (self->ca_file) : NULL;

  adw_action_row_set_subtitle (self->ca, base != NULL ? base : _ ("Those of this computer"));
  gtk_widget_set_visible (self->ca_clear, base != NULL);
}

static void
ca_chosen (GFile   *file,
           gpointer user_data)
{
  g_autoptr (MwConnectWindow) self = user_data;

  if (file == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (self->ca_file);
  self->ca_file = g_file_get_path (file);
  show_ca (self);
}

static void
ca_choose_cb (MwConnectWindow *self)
{
  mw_compat_choose_file (GTK_WINDOW (self), _ ("Certificate Authority"), ca_chosen, g_object_ref (self));
}

static void
show_certificate (MwConnectWindow *self)
{
  g_autofree char *base = self->cert_file != NULL ? g_filename_display_basename (self->cert_file) : NULL;

  adw_action_row_set_subtitle (self->certificate, base != NULL ? base : _ ("None; some servers ask for one"));
  gtk_widget_set_visible (self->certificate_clear, base != NULL);
}

static void
certificate_chosen (GFile   *file,
                    gpointer user_data)
{
  g_autoptr (MwConnectWindow) self = user_data;

  if (file == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (self->cert_file);
  self->cert_file = g_file_get_path (file);
  show_certificate (self);
}

static void
certificate_choose_cb (MwConnectWindow *self)
{
  mw_compat_choose_file (GTK_WINDOW (self), _ ("Your Certificate and Its Key"), certificate_chosen, g_object_ref (self));
}

static void
certificate_clear_cb (MwConnectWindow *self)
{
  g_clear_pointer (&self->cert_file, g_free);
  show_certificate (self);
}

static void
key_chosen (GFile   *file,
            gpointer user_data)
{
  g_autoptr (MwConnectWindow) self = user_data;

  if (file == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  forget_own_key (self);
  g_free (self->key_file);
  self->key_file = g_file_get_path (file);
  changed_cb (self);
}

static void
key_choose_cb (MwConnectWindow *self)
{
  mw_compat_choose_file (GTK_WINDOW (self), _ ("Key"), key_chosen, g_object_ref (self));
}

static void
own_key_found (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MwConnectWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwKey) key = mw_own_key_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->key_search);
  if (key == NULL && self->key_wanted)
    self->key_trouble = g_strdup (error->message);
  else if (key != NULL && (self->key_file == NULL || self->key_wanted))
    {
      g_clear_pointer (&self->key_file, g_free);
      self->own_key = g_steal_pointer (&key);
      mw_public_key_row_set_key (self->public_key, self->own_key);
      if (self->key_wanted)
        mw_public_key_row_enter (self->public_key);
    }
  changed_cb (self);
}

/* @make: the person wants one, whether or not it is there already */
static void
find_own_key (MwConnectWindow *self,
              gboolean         make)
{
  g_autofree char *url = dup_base (self);

  if (url == NULL || self->own_key != NULL || (self->key_search != NULL && self->key_wanted))
    return;
  forget_own_key (self);
  self->key_wanted = make;
  self->key_url = g_steal_pointer (&url);
  self->key_search = g_cancellable_new ();
  mw_own_key_async (self->key_url, make, self->key_search, own_key_found, g_object_ref (self));
  changed_cb (self);
}

static void
make_key_cb (MwConnectWindow *self)
{
  find_own_key (self, TRUE);
}

static void
access_cb (MwConnectWindow *self)
{
  if (adw_combo_row_get_selected (self->access) == ACCESS_KEY)
    find_own_key (self, FALSE);
  changed_cb (self);
}

static void
ca_clear_cb (MwConnectWindow *self)
{
  g_clear_pointer (&self->ca_file, g_free);
  show_ca (self);
}

static void
mw_connect_window_dispose (GObject *object)
{
  MwConnectWindow *self = MW_CONNECT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->key_search);
  g_clear_handle_id (&self->pulse, g_source_remove);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_connect_window_parent_class)->dispose (object);
}

static void
mw_connect_window_finalize (GObject *object)
{
  MwConnectWindow *self = MW_CONNECT_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->key_search);
  g_clear_pointer (&self->own_key, mw_key_free);
  g_free (self->key_url);
  g_free (self->key_trouble);
  g_free (self->cert_file);
  g_free (self->ca_file);
  g_free (self->key_file);
  g_free (self->address);
  G_OBJECT_CLASS (mw_connect_window_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, MwConnectWindow, name)

static void
mw_connect_window_class_init (MwConnectWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (MW_TYPE_PUBLIC_KEY_ROW);
  G_OBJECT_CLASS (klass)->dispose = mw_connect_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_connect_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-connect-window.ui");
  BIND (progress);
  BIND (trouble);
  BIND (trouble_label);
  BIND (url);
  BIND (name);
  BIND (me);
  BIND (home);
  BIND (directory);
  BIND (access);
  BIND (token);
  BIND (client_id);
  BIND (redirect);
  BIND (waiting);
  BIND (secret);
  BIND (key);
  BIND (make_key);
  BIND (public_key);
  BIND (ca);
  BIND (ca_clear);
  BIND (certificate);
  BIND (certificate_clear);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_cb);
  gtk_widget_class_bind_template_callback (widget_class, ca_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, ca_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, certificate_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, certificate_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, make_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, access_cb);
  gtk_widget_class_bind_template_callback (widget_class, browser_again_cb);
  gtk_widget_class_install_action (widget_class, "connect.go", NULL, go_action_cb);
}

static void
mw_connect_window_init (MwConnectWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
  changed_cb (self);
}

/**
 * mw_connect_window_present:
 * @home: whether the new connection is to hold the inbox, unless the person says otherwise
 *
 * Asks for a server. What was typed stays when the server cannot be used, with a sentence that says why.
 */
void
mw_connect_window_present (GtkWindow *parent,
                           MwStore   *store,
                           gboolean   home)
{
  MwConnectWindow *self = g_object_new (MW_TYPE_CONNECT_WINDOW, "transient-for", parent, NULL);

  self->store = g_object_ref (store);
  gtk_switch_set_active (self->home, home);
  gtk_widget_grab_focus (GTK_WIDGET (self->url));
  gtk_window_present (GTK_WINDOW (self));
  /* GTK keeps a window until it is closed */
  /* cppcheck-suppress memleak */
}

static guint
access_index (const char *auth)
{
  for (guint i = 0; i < G_N_ELEMENTS (access_names); i++)
    if (g_strcmp0 (access_names[i], auth) == 0)
      return i;
  return ACCESS_OPEN;
}

static void
set_text (GtkEditable *editable,
          const char  *text)
{
  gtk_editable_set_text (editable, text != NULL ? text : "");
}

/**
 * mw_connect_window_present_again:
 * @connection: one that is there
 *
 * Asks for another way into a server that is known: everything but its secret is filled in.
 */
void
mw_connect_window_present_again (GtkWindow          *parent,
                                 MwStore            *store,
                                 const MwConnection *connection)
{
  MwConnectWindow *self = g_object_new (MW_TYPE_CONNECT_WINDOW, "transient-for", parent, NULL);

  self->store = g_object_ref (store);
  set_text (self->url, connection->url);
  set_text (self->name, connection->name);
  set_text (self->me, connection->me);
  set_text (self->client_id, connection->client_id);
  set_text (self->redirect, connection->redirect);
  gtk_switch_set_active (self->home, connection->home);
  adw_combo_row_set_selected (self->access, access_index (connection->auth));
  self->ca_file = g_strdup (connection->ca_file);
  self->key_file = g_strdup (connection->key_file);
  self->cert_file = g_strdup (connection->cert_file);
  show_certificate (self);
  show_ca (self);
  changed_cb (self);
  gtk_window_present (GTK_WINDOW (self));
  /* cppcheck-suppress memleak */
}
