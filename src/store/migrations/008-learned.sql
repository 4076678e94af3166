-- SPDX-FileCopyrightText: 2026 The Meanwhile developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- No refusal counts for ever: when the last one was learned. What was learned before this was known counts as old.

ALTER TABLE capabilities ADD COLUMN learned_at INTEGER NOT NULL DEFAULT 0;  -- µs
