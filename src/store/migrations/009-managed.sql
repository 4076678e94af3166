-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later

ALTER TABLE connections ADD COLUMN origin_digest TEXT;       -- SHA-256 of the administrator's file as it was taken up
