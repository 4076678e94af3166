/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-connect.h"

#include "mw-capability.h"

#include <glib/gi18n-lib.h>

/**
 * mw_connect_refused_text:
 * @auth: how it was tried to get in
 *
 * Returns: what a server's 401 means to a person
 */
const char *
mw_connect_refused_text (const char *auth)
{
  if (g_strcmp0 (auth, "open") == 0)
    return _ ("This server wants to know who you are. Choose another kind of access.");
  if (g_strcmp0 (auth, "token") == 0)
    return _ ("The server does not accept this token. Is it complete, and not expired?");
  return _ ("The server gave a token, and does not accept it itself. Ask those who run it.");
}

static const char *
certificate_text (GTlsCertificateFlags errors)
{
  if (errors & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _ ("The certificate of this server is made out to another name, so nothing was sent to it. Check the address for a slip.");
  if (errors & G_TLS_CERTIFICATE_EXPIRED)
    return _ ("The certificate of this server has expired, so nothing was sent to it. Those who run it have to renew it.");
  if (errors & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _ ("The certificate of this server is not valid yet, so nothing was sent to it. Is the clock of this computer right?");
  if (errors & G_TLS_CERTIFICATE_REVOKED)
    return _ ("The certificate of this server was revoked, so nothing was sent to it. Ask those who run it.");
  return _ ("The server cannot prove who it is, so nothing was sent to it. If it has a certificate of your organisation, name that authority's file.");
}

/**
 * mw_connect_trouble_text:
 * @answer: to the question what a server can do, when it was not answered
 * @code: (out): the error that it amounts to
 *
 * Returns: what happened, and what a person can do
 */
const char *
mw_connect_trouble_text (const MwAnswer *answer,
                         MwConnectError *code)
{
  *code = MW_CONNECT_ERROR_UNREACHABLE;
  switch (answer->trouble)
    {
    case MW_TROUBLE_OFFLINE:
      return _ ("There is no network. Connect this computer, then try again.");
    case MW_TROUBLE_NO_ADDRESS:
      return _ ("There is no server of this name. Check the address for a slip.");
    case MW_TROUBLE_REFUSED:
      return _ ("Nothing answers at this address. Check the address and the port.");
    case MW_TROUBLE_TIMED_OUT:
    case MW_TROUBLE_STUCK:
      return _ ("The server takes too long to answer. Try again later.");
    case MW_TROUBLE_CUT_OFF:
      return _ ("The connection was cut off. Try again.");
    case MW_TROUBLE_TLS:
      *code = MW_CONNECT_ERROR_TLS;
      return certificate_text (answer->tls_errors);
    case MW_TROUBLE_CERTIFICATE:
      *code = MW_CONNECT_ERROR_CERTIFICATE;
      return _ ("This server asks for a certificate of yours, and accepts none or not this one. Name the file with the certificate and key that it knows you by.");
    case MW_TROUBLE_REDIRECT:
      *code = MW_CONNECT_ERROR_URL;
      return _ ("This address points to another place. Give the address that it leads to, if you trust it.");
    case MW_TROUBLE_TOO_BIG:
      *code = MW_CONNECT_ERROR_NOT_FHIR;
      return _ ("What this address sends is far too large for a FHIR server's description.");
    case MW_TROUBLE_NONE:
    default:
      break;
    }
  if (answer->answer_class == MW_ANSWER_SIGN_IN || answer->answer_class == MW_ANSWER_FORBIDDEN)
    {
      *code = MW_CONNECT_ERROR_SIGN_IN;
      return _ ("The server does not let us in. Choose access by token and give a valid one.");
    }
  if (answer->answer_class == MW_ANSWER_TEMPORARY)
    return _ ("The server is not able to answer at the moment. Try again later.");
  *code = MW_CONNECT_ERROR_NOT_FHIR;
  return _ ("This is a web address, but no FHIR server answers there. A FHIR address often ends in /fhir or /R4.");
}

/**
 * mw_connect_old_version:
 * @resource: (nullable): what a server says of itself
 *
 * Returns: (nullable): the FHIR version of @resource in words when it is one that is too old
 */
const char *
mw_connect_old_version (JsonNode *resource)
{
  MwFhirVersion version = mw_fhir_version_parse (mw_json_string (resource, "fhirVersion"));

  if (version == MW_FHIR_VERSION_STU3)
    return "R3";
  /* DSTU2 calls it Conformance */
  return version == MW_FHIR_VERSION_DSTU2 || mw_resource_is (resource, "Conformance") ? "DSTU2" : NULL;
}
