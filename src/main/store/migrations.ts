/**
 * The library's schema, one step a version: `user_version` counts the steps a file has had. A released step is
 * never edited; a change is a new step at the end, with a test that starts from the version before.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'stopped', 'done', 'failed', 'interrupted')),
    parent TEXT,                    -- kept when the parent is deleted
    config TEXT NOT NULL CHECK (json_valid(config)),
    created_at REAL NOT NULL,       -- times are milliseconds since the Unix epoch
    started_at REAL,
    ended_at REAL,
    step INTEGER NOT NULL DEFAULT 0,
    epoch REAL NOT NULL DEFAULT 0,
    child_pid INTEGER,              -- the training process while it lives
    child_identity TEXT,            -- tells it from a later process with the same pid
    exit_code INTEGER,
    exit_signal TEXT,
    failure TEXT,
    hint TEXT
  ) STRICT;
  CREATE INDEX runs_by_time ON runs (created_at);

  -- One curve of one run, with the summary that run tables show. NULL values are NaN.
  CREATE TABLE metric_series (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    name TEXT NOT NULL,
    points INTEGER NOT NULL DEFAULT 0,
    last_step INTEGER NOT NULL DEFAULT -1,
    last_value REAL,
    min_step INTEGER,
    min_value REAL,
    max_step INTEGER,
    max_value REAL,
    UNIQUE (run, name)
  ) STRICT;
  CREATE TABLE metrics (
    series INTEGER NOT NULL REFERENCES metric_series ON DELETE CASCADE,
    step INTEGER NOT NULL,
    epoch REAL NOT NULL,
    time REAL NOT NULL,
    value REAL,
    PRIMARY KEY (series, step)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    time REAL NOT NULL,
    name TEXT NOT NULL,
    message TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data))
  ) STRICT;
  CREATE INDEX events_by_run ON events (run, id);

  CREATE TABLE log_lines (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    time REAL NOT NULL,
    source TEXT NOT NULL,           -- stdout, stderr, info, warning, error
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX log_lines_by_run ON log_lines (run, id);

  CREATE TABLE checkpoints (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    path TEXT NOT NULL,
    step INTEGER NOT NULL,
    epoch REAL NOT NULL,
    bytes INTEGER NOT NULL,
    kind TEXT NOT NULL,
    knn REAL,
    time REAL NOT NULL,
    PRIMARY KEY (run, path)
  ) STRICT;

  CREATE TABLE evaluations (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind TEXT NOT NULL,
    step INTEGER,
    time REAL NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data))
  ) STRICT;
  CREATE INDEX evaluations_by_run ON evaluations (run, id);

  CREATE TABLE datasets (
    path TEXT PRIMARY KEY,
    added_at REAL NOT NULL,
    checked_at REAL NOT NULL,
    report TEXT NOT NULL CHECK (json_valid(report))
  ) STRICT;

  CREATE TABLE embedding_sets (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    checkpoint TEXT NOT NULL,
    data_path TEXT NOT NULL,
    path TEXT NOT NULL,
    format TEXT NOT NULL,
    time REAL NOT NULL,
    report TEXT NOT NULL CHECK (json_valid(report))
  ) STRICT;

  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
  ) STRICT;
  `,
];
