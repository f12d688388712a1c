-- What was destroyed after its time, and the counts of excluded answers that outlive their rows: as in the SQLite
-- store. Nothing fills these tables yet: on PostgreSQL an answer also lies in the archived log and in every standby.
CREATE TABLE destruction (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  periode TEXT COLLATE "C" NOT NULL,
  mulai TEXT COLLATE "C" NOT NULL,
  selesai TEXT COLLATE "C" NOT NULL CHECK (selesai >= mulai),
  what TEXT COLLATE "C" NOT NULL CHECK (what IN ('saran', 'jawaban')),
  n BIGINT NOT NULL CHECK (n > 0),
  kept_days INTEGER NOT NULL CHECK (kept_days > 0),
  role TEXT NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  destroyed_on TEXT COLLATE "C" NOT NULL CHECK (destroyed_on ~ '^\d{4}-[01]\d-[0-3]\d$')
);
CREATE TABLE excluded_tally (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$'),
  form TEXT COLLATE "C" NOT NULL,
  layanan TEXT COLLATE "C" NOT NULL,
  channel SMALLINT NOT NULL CHECK (channel BETWEEN 1 AND 5),
  layout INTEGER NOT NULL,
  sums BYTEA NOT NULL,
  hours TEXT NOT NULL,
  PRIMARY KEY (office, day, form, layanan, channel)
);
CREATE TABLE excluded_reason (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$'),
  reason TEXT COLLATE "C" NOT NULL CHECK (reason IN ('uji-coba', 'lembar-rusak', 'ganda', 'luar-periode')),
  n BIGINT NOT NULL CHECK (n > 0),
  PRIMARY KEY (office, day, reason)
);
DO $$
DECLARE
  name TEXT;
BEGIN
  FOREACH name IN ARRAY ARRAY['destruction', 'excluded_tally', 'excluded_reason'] LOOP
    EXECUTE format('CREATE TRIGGER %s_keeps_rows BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
      ' EXECUTE FUNCTION append_only()', name, name);
    EXECUTE format('CREATE TRIGGER %s_keeps_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
      ' EXECUTE FUNCTION append_only()', name, name);
  END LOOP;
END $$;
