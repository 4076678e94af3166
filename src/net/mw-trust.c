/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-trust.h"

#include "mw-config.h"

#include <glib/gi18n-lib.h>

/* The authorities a connection trusts: those of the system, and one file of a clinic's own. GIO has
 * no database made of two, and the file alone would shut out the public servers that a directory or
 * a redirect leads to. */
struct _MwTrust
{
  GTlsDatabase parent;

  GTlsDatabase *own;
  GTlsDatabase *system;
};

G_DEFINE_FINAL_TYPE (MwTrust, mw_trust, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
mw_trust_verify_chain (GTlsDatabase           *database,
                       GTlsCertificate        *chain,
                       const gchar            *purpose,
                       GSocketConnectable     *identity,
                       GTlsInteraction        *interaction,
                       GTlsDatabaseVerifyFlags flags,
                       GCancellable           *cancellable,
                       GError                **error)
{
  MwTrust             *self = MW_TRUST (database);
  GTlsCertificateFlags found;

  found = g_tls_database_verify_chain (self->own, chain, purpose, identity, interaction, flags, cancellable, error);
  /* only an issuer that the file does not know is a matter for the system; expired stays expired */
  if (self->system == NULL || (found & G_TLS_CERTIFICATE_UNKNOWN_CA) == 0 || g_cancellable_is_cancelled (cancellable))
    return found;

  g_clear_error (error);
  return g_tls_database_verify_chain (self->system, chain, purpose, identity, interaction, flags, cancellable, error);
}

static GTlsCertificate *
mw_trust_lookup_certificate_issuer (GTlsDatabase           *database,
                                    GTlsCertificate        *certificate,
                                    GTlsInteraction        *interaction,
                                    GTlsDatabaseLookupFlags flags,
                                    GCancellable           *cancellable,
                                    GError                **error)
{
  MwTrust         *self = MW_TRUST (database);
  GTlsCertificate *issuer;

  issuer = g_tls_database_lookup_certificate_issuer (self->own, certificate, interaction, flags, cancellable, error);
  if (issuer != NULL || self->system == NULL || g_cancellable_is_cancelled (cancellable))
    return issuer;

  g_clear_error (error);
  return g_tls_database_lookup_certificate_issuer (self->system, certificate, interaction, flags, cancellable, error);
}

static void
mw_trust_dispose (GObject *object)
{
  MwTrust *self = MW_TRUST (object);

  g_clear_object (&self->own);
  g_clear_object (&self->system);
  G_OBJECT_CLASS (mw_trust_parent_class)->dispose (object);
}

static void
mw_trust_class_init (MwTrustClass *class)
{
  GTlsDatabaseClass *database_class = G_TLS_DATABASE_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = mw_trust_dispose;
  database_class->verify_chain = mw_trust_verify_chain;
  database_class->lookup_certificate_issuer = mw_trust_lookup_certificate_issuer;
}

static void
mw_trust_init (MwTrust *self)
{
}

/**
 * mw_trust_new:
 * @ca_file: a PEM file of authorities to trust besides the system's
 *
 * Returns: (transfer full): the system's authorities and those of @ca_file, or NULL when the file
 *   cannot be read or holds no certificate
 */
GTlsDatabase *
mw_trust_new (const char *ca_file,
              GError    **error)
{
  g_autofree char *path = g_canonicalize_filename (ca_file, NULL);
  g_autoptr (GError) missing = NULL;
  g_autolist (GObject) certificates = NULL;
  GTlsDatabase *own;
  MwTrust      *self;

  /* a file without a certificate makes an empty database in silence */
  certificates = g_tls_certificate_list_new_from_file (path, error);
  if (certificates == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                             _ ("There is no certificate in this file"));
      return NULL;
    }
  own = g_tls_file_database_new (path, error);
  if (own == NULL)
    return NULL;
  self = g_object_new (MW_TYPE_TRUST, NULL);
  self->own = own;
  self->system = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  return G_TLS_DATABASE (self);
}
