-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later

ALTER TABLE connections ADD COLUMN home_shipped INTEGER NOT NULL DEFAULT 0;  -- 1: home by the administrator's file, not by a person's choice
