/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-connection-client.h"

#include "mw-client-certificate.h"
#include "mw-secret.h"

/**
 * mw_connection_client_new:
 *
 * The client of a connection as its row says: with the authorities that it trusts, and the certificate that this computer
 * shows to it. A few bytes are read from the disk: not for the GTK thread.
 *
 * Returns: (transfer full): a client; NULL with a translated sentence when one of its files cannot be used
 */
MwClient *
mw_connection_client_new (const MwConnection *connection,
                          GError            **error)
{
  g_autoptr (MwClient) client = mw_client_new (connection->url, connection->ca_file, error);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *pem = NULL;

  if (client == NULL || connection->cert_file == NULL)
    return g_steal_pointer (&client);
  pem = mw_secret_read_file (connection->cert_file, MW_SECRET_CERTIFICATE, error);
  certificate = pem != NULL ? mw_client_certificate_new (pem, g_get_real_time (), error) : NULL;
  if (certificate == NULL)
    return NULL;
  mw_client_set_certificate (client, certificate);
  return g_steal_pointer (&client);
}
