-- What was destroyed after its time: all comments ("saran") or all answers ("jawaban") of a closed periode, decided by
-- whom, on which day, after how many days. The minutes are written from these rows.
CREATE TABLE destruction (
  seq INTEGER PRIMARY KEY,
  office TEXT NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  periode TEXT NOT NULL,
  mulai TEXT NOT NULL,
  selesai TEXT NOT NULL CHECK (selesai >= mulai),
  what TEXT NOT NULL CHECK (what IN ('saran', 'jawaban')),
  n INTEGER NOT NULL CHECK (n > 0),
  kept_days INTEGER NOT NULL CHECK (kept_days > 0),
  role TEXT NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  destroyed_on TEXT NOT NULL CHECK (destroyed_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')
) STRICT;

-- The counts of excluded answers, kept when their rows are destroyed: `sums` and `hours` as in day_tally.
CREATE TABLE excluded_tally (
  office TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  form TEXT NOT NULL,
  layanan TEXT NOT NULL,
  channel INTEGER NOT NULL CHECK (channel BETWEEN 1 AND 5),
  layout INTEGER NOT NULL,
  sums BLOB NOT NULL,
  hours TEXT NOT NULL,
  PRIMARY KEY (office, day, form, layanan, channel)
) STRICT;
CREATE TABLE excluded_reason (
  office TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  reason TEXT NOT NULL CHECK (reason IN ('uji-coba', 'lembar-rusak', 'ganda', 'luar-periode')),
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (office, day, reason)
) STRICT;

-- The entries of the exclusion ledger outlive their answers, so they no longer reference them: the ledger keeps its
-- order, and an id without its nonce says nothing.
CREATE TABLE exclusion_kept (
  seq INTEGER PRIMARY KEY,
  response BLOB NOT NULL UNIQUE CHECK (length(response) = 32),
  reason TEXT NOT NULL CHECK (reason IN ('uji-coba', 'lembar-rusak', 'ganda', 'luar-periode')),
  role TEXT NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')
) STRICT;
INSERT INTO exclusion_kept SELECT seq, response, reason, role, day FROM exclusion;
DROP TABLE exclusion;
ALTER TABLE exclusion_kept RENAME TO exclusion;
CREATE TRIGGER exclusion_of_an_answer BEFORE INSERT ON exclusion
WHEN NOT EXISTS (SELECT 1 FROM response WHERE id = NEW.response)
BEGIN SELECT RAISE(ABORT, 'no such answer'); END;
CREATE TRIGGER exclusion_keeps_keys BEFORE INSERT ON exclusion
WHEN EXISTS (SELECT 1 FROM exclusion WHERE seq = NEW.seq OR response = NEW.response)
BEGIN SELECT RAISE(ABORT, 'exclusion is append-only'); END;
CREATE TRIGGER exclusion_keeps_rows BEFORE DELETE ON exclusion
BEGIN SELECT RAISE(ABORT, 'exclusion is append-only'); END;
CREATE TRIGGER exclusion_keeps_values BEFORE UPDATE ON exclusion
BEGIN SELECT RAISE(ABORT, 'exclusion is append-only'); END;

CREATE TRIGGER destruction_keeps_keys BEFORE INSERT ON destruction
WHEN EXISTS (SELECT 1 FROM destruction WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'destruction is append-only'); END;
CREATE TRIGGER destruction_keeps_rows BEFORE DELETE ON destruction
BEGIN SELECT RAISE(ABORT, 'destruction is append-only'); END;
CREATE TRIGGER destruction_keeps_values BEFORE UPDATE ON destruction
BEGIN SELECT RAISE(ABORT, 'destruction is append-only'); END;
CREATE TRIGGER excluded_tally_keeps_keys BEFORE INSERT ON excluded_tally
WHEN EXISTS (
  SELECT 1 FROM excluded_tally WHERE office = NEW.office AND day = NEW.day AND form = NEW.form
  AND layanan = NEW.layanan AND channel = NEW.channel
)
BEGIN SELECT RAISE(ABORT, 'excluded_tally is append-only'); END;
CREATE TRIGGER excluded_tally_keeps_rows BEFORE DELETE ON excluded_tally
BEGIN SELECT RAISE(ABORT, 'excluded_tally is append-only'); END;
CREATE TRIGGER excluded_tally_keeps_values BEFORE UPDATE ON excluded_tally
BEGIN SELECT RAISE(ABORT, 'excluded_tally is append-only'); END;
CREATE TRIGGER excluded_reason_keeps_keys BEFORE INSERT ON excluded_reason
WHEN EXISTS (SELECT 1 FROM excluded_reason WHERE office = NEW.office AND day = NEW.day AND reason = NEW.reason)
BEGIN SELECT RAISE(ABORT, 'excluded_reason is append-only'); END;
CREATE TRIGGER excluded_reason_keeps_rows BEFORE DELETE ON excluded_reason
BEGIN SELECT RAISE(ABORT, 'excluded_reason is append-only'); END;
CREATE TRIGGER excluded_reason_keeps_values BEFORE UPDATE ON excluded_reason
BEGIN SELECT RAISE(ABORT, 'excluded_reason is append-only'); END;
