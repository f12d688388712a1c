-- Single-use tickets: only the SHA-256 of each is here. `layanan` is NULL for tickets that hold for every layanan.
CREATE TABLE ticket (
  office TEXT COLLATE "C" NOT NULL REFERENCES store (office),
  hash BYTEA NOT NULL CHECK (length(hash) = 32),
  layanan TEXT COLLATE "C" CHECK (length(layanan) BETWEEN 1 AND 40),
  loaded_on TEXT COLLATE "C" NOT NULL CHECK (loaded_on ~ '^\d{4}-[01]\d-[0-3]\d$'),
  PRIMARY KEY (office, hash)
);

-- A ticket that let in an answer, entered in the answer's own transaction. It does not say which answer.
CREATE TABLE redemption (
  office TEXT COLLATE "C" NOT NULL,
  hash BYTEA NOT NULL,
  day TEXT COLLATE "C" NOT NULL CHECK (day ~ '^\d{4}-[01]\d-[0-3]\d$'),
  PRIMARY KEY (office, hash),
  FOREIGN KEY (office, hash) REFERENCES ticket (office, hash)
);

DO $$
DECLARE
  name TEXT;
BEGIN
  FOREACH name IN ARRAY ARRAY['ticket', 'redemption'] LOOP
    EXECUTE format('CREATE TRIGGER %s_keeps_rows BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
      ' EXECUTE FUNCTION append_only()', name, name);
    EXECUTE format('CREATE TRIGGER %s_keeps_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
      ' EXECUTE FUNCTION append_only()', name, name);
  END LOOP;
END $$;
