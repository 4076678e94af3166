/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-client-certificate.h"

#include <glib/gi18n-lib.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* GIO takes a certificate without its key, or with the key of another one, and fails in the middle of a handshake */
static gboolean
has_its_key (const char *pem)
{
  gnutls_certificate_credentials_t credentials;
  gnutls_datum_t                   data = { (unsigned char *) pem, (unsigned int) strlen (pem) };
  gboolean                         fits;

  if (gnutls_certificate_allocate_credentials (&credentials) < 0)
    return FALSE;
  fits = gnutls_certificate_set_x509_key_mem (credentials, &data, &data, GNUTLS_X509_FMT_PEM) >= 0;
  gnutls_certificate_free_credentials (credentials);
  return fits;
}

/**
 * mw_client_certificate_new:
 * @pem: the certificate, those of its issuers if the server needs them, and the private key, not encrypted
 * @now: µs since 1970
 *
 * Returns: (transfer full): the certificate with its key; NULL with a translated sentence when @pem is none, its key is
 *   missing or another one's, or it is not valid now
 */
GTlsCertificate *
mw_client_certificate_new (const char *pem,
                           gint64      now,
                           GError    **error)
{
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);
  g_autoptr (GDateTime) begin = NULL;
  g_autoptr (GDateTime) end = NULL;
  const char *sentence = NULL;

  if (certificate == NULL)
    sentence = _ ("The file does not hold a certificate with its private key, in PEM and without a password.");
  else if (!has_its_key (pem))
    sentence = _ ("The private key of your certificate is missing from the file, or is that of another certificate.");
  else
    {
      begin = g_tls_certificate_get_not_valid_before (certificate);
      end = g_tls_certificate_get_not_valid_after (certificate);
      if (end != NULL && g_date_time_to_unix (end) <= now / G_USEC_PER_SEC)
        sentence = _ ("Your certificate has expired. Ask those who gave it to you for a new one.");
      else if (begin != NULL && g_date_time_to_unix (begin) > now / G_USEC_PER_SEC)
        sentence = _ ("Your certificate is not valid yet. Is the clock of this computer right?");
    }
  if (sentence == NULL)
    return g_steal_pointer (&certificate);
  g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, sentence);
  return NULL;
}
