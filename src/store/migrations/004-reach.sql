-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- More ways into a server, and what a connection is for.

ALTER TABLE connections ADD COLUMN redirect TEXT;            -- as registered with the server; NULL: a fresh port here
ALTER TABLE connections ADD COLUMN issuer TEXT;              -- who signs what a sign-in says of the person
ALTER TABLE connections ADD COLUMN cert_file TEXT;           -- the client's certificate and key, mode 0600
ALTER TABLE connections ADD COLUMN directory INTEGER NOT NULL DEFAULT 0;  -- people and places are looked up there
ALTER TABLE connections ADD COLUMN origin TEXT;              -- the administrator's file that it comes from
ALTER TABLE connections ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;    -- its inbox stays readable
