-- Kept tallies: the days up to `until` are sealed, their counts computed once by GROUP BY and never again.
-- Answers of a batch of paper are counted when it is taken in, under the days of their sheets.
CREATE TABLE seal (
  office TEXT NOT NULL,
  until TEXT NOT NULL CHECK (until GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  sealed_on TEXT NOT NULL CHECK (sealed_on > until),
  PRIMARY KEY (office, until)
) STRICT;

-- `batch` is 0 for what came in by itself. `sums` are eight bytes each, in the order that `layout` numbers, and `hours`
-- is JSON (docs/formats.md).
CREATE TABLE day_tally (
  office TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  form TEXT NOT NULL,
  layanan TEXT NOT NULL,
  channel INTEGER NOT NULL CHECK (channel BETWEEN 1 AND 5),
  batch INTEGER NOT NULL CHECK (batch >= 0),
  n INTEGER NOT NULL CHECK (n > 0),
  layout INTEGER NOT NULL,
  sums BLOB NOT NULL,
  hours TEXT NOT NULL,
  PRIMARY KEY (office, day, form, layanan, channel, batch)
) STRICT;

CREATE TRIGGER response_not_into_sealed BEFORE INSERT ON response
WHEN NEW.batch IS NULL AND NEW.day <= (SELECT max(until) FROM seal WHERE office = NEW.office)
BEGIN SELECT RAISE(ABORT, 'day sealed'); END;

CREATE TRIGGER seal_keeps_rows BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER seal_keeps_values BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER day_tally_keeps_rows BEFORE DELETE ON day_tally
BEGIN SELECT RAISE(ABORT, 'day_tally is append-only'); END;
CREATE TRIGGER day_tally_keeps_values BEFORE UPDATE ON day_tally
BEGIN SELECT RAISE(ABORT, 'day_tally is append-only'); END;
-- REPLACE would delete without asking, so a key that is there is refused beforehand.
CREATE TRIGGER seal_keeps_keys BEFORE INSERT ON seal
WHEN EXISTS (SELECT 1 FROM seal WHERE office = NEW.office AND until >= NEW.until)
BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END;
CREATE TRIGGER day_tally_keeps_keys BEFORE INSERT ON day_tally
WHEN EXISTS (
  SELECT 1 FROM day_tally WHERE office = NEW.office AND day = NEW.day AND form = NEW.form AND layanan = NEW.layanan
  AND channel = NEW.channel AND batch = NEW.batch
)
BEGIN SELECT RAISE(ABORT, 'day_tally is append-only'); END;
