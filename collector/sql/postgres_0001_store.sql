-- The store of any number of offices, shared by any number of collectors. Same tables as the SQLite store, same rules:
-- append-only, no address, no user agent, no name, no exact time. Text sorts by its bytes, as in SQLite.

-- Whose answers these are; a rehearsal office can never become a real one.
CREATE TABLE store (
  office TEXT COLLATE "C" PRIMARY KEY CHECK (length(office) BETWEEN 1 AND 40),
  kind TEXT NOT NULL CHECK (kind IN ('real', 'rehearsal'))
);

-- A file of paper answers, taken in whole; its digest keeps it from being taken in twice.
CREATE TABLE batch (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
  file TEXT NOT NULL,
  sheets INTEGER NOT NULL CHECK (sheets > 0),
  imported_on TEXT COLLATE "C" NOT NULL CHECK (imported_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  UNIQUE (office, sha256)
);

-- An id enters once, whatever the day: a unique key of the answers themselves would have to hold the day they are
-- spread by, and an answer sent again after midnight would count twice.
CREATE TABLE response_id (
  office TEXT COLLATE "C" NOT NULL,
  id BYTEA NOT NULL CHECK (length(id) = 32),
  PRIMARY KEY (office, id)
) PARTITION BY HASH (office);

CREATE SEQUENCE response_seq;
CREATE TABLE response (
  seq BIGINT NOT NULL DEFAULT nextval('response_seq'),
  id BYTEA NOT NULL CHECK (length(id) = 32),
  nonce BYTEA NOT NULL CHECK (length(nonce) = 32),
  office TEXT COLLATE "C" NOT NULL CHECK (length(office) BETWEEN 1 AND 40),
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$'),
  hour SMALLINT CHECK (hour BETWEEN 0 AND 23),
  layanan TEXT COLLATE "C" NOT NULL CHECK (length(layanan) BETWEEN 1 AND 40),
  channel SMALLINT NOT NULL CHECK (channel BETWEEN 1 AND 5),
  form TEXT COLLATE "C" NOT NULL CHECK (length(form) BETWEEN 1 AND 60),
  flags SMALLINT NOT NULL CHECK (flags BETWEEN 0 AND 255),
  batch BIGINT REFERENCES batch (id),
  a01 SMALLINT CHECK (a01 BETWEEN 0 AND 10),
  a02 SMALLINT CHECK (a02 BETWEEN 0 AND 10),
  a03 SMALLINT CHECK (a03 BETWEEN 0 AND 10),
  a04 SMALLINT CHECK (a04 BETWEEN 0 AND 10),
  a05 SMALLINT CHECK (a05 BETWEEN 0 AND 10),
  a06 SMALLINT CHECK (a06 BETWEEN 0 AND 10),
  a07 SMALLINT CHECK (a07 BETWEEN 0 AND 10),
  a08 SMALLINT CHECK (a08 BETWEEN 0 AND 10),
  a09 SMALLINT CHECK (a09 BETWEEN 0 AND 10),
  a10 SMALLINT CHECK (a10 BETWEEN 0 AND 10),
  a11 SMALLINT CHECK (a11 BETWEEN 0 AND 10),
  a12 SMALLINT CHECK (a12 BETWEEN 0 AND 10),
  a13 SMALLINT CHECK (a13 BETWEEN 0 AND 10),
  a14 SMALLINT CHECK (a14 BETWEEN 0 AND 10),
  a15 SMALLINT CHECK (a15 BETWEEN 0 AND 10),
  a16 SMALLINT CHECK (a16 BETWEEN 0 AND 10),
  a17 SMALLINT CHECK (a17 BETWEEN 0 AND 10),
  a18 SMALLINT CHECK (a18 BETWEEN 0 AND 10),
  a19 SMALLINT CHECK (a19 BETWEEN 0 AND 10),
  a20 SMALLINT CHECK (a20 BETWEEN 0 AND 10),
  a21 SMALLINT CHECK (a21 BETWEEN 0 AND 10),
  a22 SMALLINT CHECK (a22 BETWEEN 0 AND 10),
  a23 SMALLINT CHECK (a23 BETWEEN 0 AND 10),
  a24 SMALLINT CHECK (a24 BETWEEN 0 AND 10),
  p01 TEXT COLLATE "C" CHECK (length(p01) BETWEEN 1 AND 20),
  p02 TEXT COLLATE "C" CHECK (length(p02) BETWEEN 1 AND 20),
  p03 TEXT COLLATE "C" CHECK (length(p03) BETWEEN 1 AND 20),
  p04 TEXT COLLATE "C" CHECK (length(p04) BETWEEN 1 AND 20),
  p05 TEXT COLLATE "C" CHECK (length(p05) BETWEEN 1 AND 20),
  p06 TEXT COLLATE "C" CHECK (length(p06) BETWEEN 1 AND 20),
  p07 TEXT COLLATE "C" CHECK (length(p07) BETWEEN 1 AND 20),
  p08 TEXT COLLATE "C" CHECK (length(p08) BETWEEN 1 AND 20),
  FOREIGN KEY (office, id) REFERENCES response_id (office, id)
) PARTITION BY HASH (office);
CREATE INDEX response_by_day ON response (office, day, layanan, channel);
CREATE INDEX response_by_id ON response (id);

-- Spread by office, each share by year: a cluster moves the shares, and a year that is over lies in tables of its own.
DO $$
BEGIN
  FOR share IN 0..7 LOOP
    EXECUTE format('CREATE TABLE response_id_%s PARTITION OF response_id FOR VALUES WITH (MODULUS 8, REMAINDER %s)',
      share, share);
    EXECUTE format('CREATE TABLE response_%s PARTITION OF response FOR VALUES WITH (MODULUS 8, REMAINDER %s)'
      ' PARTITION BY RANGE (day)', share, share);
    EXECUTE format('CREATE TABLE response_%s_other PARTITION OF response_%s DEFAULT', share, share);
    FOR year IN 2025..2035 LOOP
      EXECUTE format('CREATE TABLE response_%s_%s PARTITION OF response_%s FOR VALUES FROM (%L) TO (%L)',
        share, year, share, year || '-01-01', (year + 1) || '-01-01');
    END LOOP;
  END LOOP;
END $$;

-- Free text apart from the row, so that it can be kept for a shorter time.
CREATE TABLE saran (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  office TEXT COLLATE "C" NOT NULL,
  response BYTEA NOT NULL,
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 300),
  UNIQUE (office, response),
  FOREIGN KEY (office, response) REFERENCES response_id (office, id)
);

-- A closed periode: nothing enters its days any more.
CREATE TABLE closing (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  periode TEXT COLLATE "C" NOT NULL,
  mulai TEXT COLLATE "C" NOT NULL,
  selesai TEXT COLLATE "C" NOT NULL CHECK (selesai >= mulai),
  closed_on TEXT COLLATE "C" NOT NULL CHECK (closed_on > selesai),
  n BIGINT NOT NULL CHECK (n >= 0),
  PRIMARY KEY (office, periode)
);

-- The days up to `until` are sealed: their counts are kept and never computed again.
CREATE TABLE seal (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  until TEXT COLLATE "C" NOT NULL CHECK (until ~ '^\d{4}-[01]\d-[0-3]\d$'),
  sealed_on TEXT COLLATE "C" NOT NULL CHECK (sealed_on > until),
  PRIMARY KEY (office, until)
);

-- `batch` is 0 for what came in by itself. `sums` are eight bytes each, in the order that `layout` numbers, and `hours`
-- is JSON (docs/formats.md).
CREATE TABLE day_tally (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$'),
  form TEXT COLLATE "C" NOT NULL,
  layanan TEXT COLLATE "C" NOT NULL,
  channel SMALLINT NOT NULL CHECK (channel BETWEEN 1 AND 5),
  batch BIGINT NOT NULL CHECK (batch >= 0),
  n BIGINT NOT NULL CHECK (n > 0),
  layout INTEGER NOT NULL,
  sums BYTEA NOT NULL,
  hours TEXT NOT NULL,
  PRIMARY KEY (office, day, form, layanan, channel, batch)
);

-- An answer leaves the count only by an entry here: why, who entered it, and when. The answer itself stays.
CREATE TABLE exclusion (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  response BYTEA NOT NULL UNIQUE CHECK (length(response) = 32),
  reason TEXT COLLATE "C" NOT NULL CHECK (reason IN ('uji-coba', 'lembar-rusak', 'ganda', 'luar-periode')),
  role TEXT NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$')
);

-- The filters already answered: who keeps two figures can subtract them, so each new one is held against these.
CREATE TABLE filter (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  mulai TEXT COLLATE "C" NOT NULL,
  selesai TEXT COLLATE "C" NOT NULL CHECK (selesai >= mulai),
  layanan TEXT COLLATE "C" NOT NULL,
  profil TEXT COLLATE "C" NOT NULL,
  whole SMALLINT NOT NULL CHECK (whole BETWEEN 0 AND 24),
  answers BIGINT NOT NULL CHECK (answers > 0),
  exclusions BIGINT NOT NULL CHECK (exclusions >= 0),
  asked_on TEXT COLLATE "C" NOT NULL CHECK (asked_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  UNIQUE (office, mulai, selesai, layanan, profil, whole, answers, exclusions)
);

-- Closing, sealing and every other work on an office hold its lock alone (collector/store_postgres.py); answers share
-- it. So no answer can slip into a day between its count and its seal, whoever writes.
CREATE FUNCTION answer_may_enter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.office, 0));
  IF EXISTS (SELECT FROM closing WHERE office = NEW.office AND NEW.day BETWEEN mulai AND selesai) THEN
    RAISE EXCEPTION 'periode closed' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.batch IS NULL AND EXISTS (SELECT FROM seal WHERE office = NEW.office AND until >= NEW.day) THEN
    RAISE EXCEPTION 'day sealed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER response_may_enter BEFORE INSERT ON response FOR EACH ROW EXECUTE FUNCTION answer_may_enter();

CREATE FUNCTION seal_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM seal WHERE office = NEW.office AND until >= NEW.until) THEN
    RAISE EXCEPTION 'seal is append-only' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER seal_goes_on BEFORE INSERT ON seal FOR EACH ROW EXECUTE FUNCTION seal_goes_on();

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
DO $$
DECLARE
  name TEXT;
  share TEXT;
BEGIN
  FOREACH name IN ARRAY ARRAY['store', 'batch', 'response_id', 'response', 'saran', 'closing', 'seal', 'day_tally',
    'exclusion', 'filter'] LOOP
    EXECUTE format('CREATE TRIGGER %s_keeps_rows BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
      ' EXECUTE FUNCTION append_only()', name, name);
    EXECUTE format('CREATE TRIGGER %s_keeps_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
      ' EXECUTE FUNCTION append_only()', name, name);
  END LOOP;
  -- Each share takes over the triggers for rows, not that for the whole table.
  FOR share IN SELECT relid FROM pg_partition_tree('response') UNION ALL SELECT relid FROM pg_partition_tree('response_id')
  LOOP
    CONTINUE WHEN share IN ('response', 'response_id');
    EXECUTE format('CREATE TRIGGER %s_keeps_table BEFORE TRUNCATE ON %s FOR EACH STATEMENT'
      ' EXECUTE FUNCTION append_only()', share, share);
  END LOOP;
END $$;
