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
  `
  ALTER TABLE runs ADD COLUMN method TEXT NOT NULL DEFAULT '';       -- these five are read from config once, so that
  ALTER TABLE runs ADD COLUMN backbone TEXT NOT NULL DEFAULT '';     -- a list of runs need not parse it
  ALTER TABLE runs ADD COLUMN data_path TEXT NOT NULL DEFAULT '';
  ALTER TABLE runs ADD COLUMN epochs REAL;
  ALTER TABLE runs ADD COLUMN max_steps INTEGER;
  ALTER TABLE runs ADD COLUMN color INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
  ALTER TABLE runs ADD COLUMN notes TEXT NOT NULL DEFAULT '';
  ALTER TABLE runs ADD COLUMN is_baseline INTEGER NOT NULL DEFAULT 0 CHECK (is_baseline IN (0, 1));
  ALTER TABLE runs ADD COLUMN deleted_at REAL;                       -- it can be brought back until it is purged
  ALTER TABLE runs ADD COLUMN trained_for REAL NOT NULL DEFAULT 0;   -- ms, up to training_since where that is set
  ALTER TABLE runs ADD COLUMN training_since REAL;                   -- NULL while paused or not running
  ALTER TABLE runs ADD COLUMN collapsed INTEGER NOT NULL DEFAULT 0 CHECK (collapsed IN (0, 1));
  CREATE UNIQUE INDEX runs_baseline ON runs (is_baseline) WHERE is_baseline = 1;
  CREATE INDEX runs_by_name ON runs (name);

  UPDATE runs SET
    method = config ->> '$.method',
    backbone = CASE config ->> '$.backbone.kind'
      WHEN 'resnet' THEN 'ResNet-' || (config ->> '$.backbone.depth') ||
        iif(config ->> '$.backbone.width' = 1, '', ' x ' || (config ->> '$.backbone.width'))
      ELSE
        CASE config ->> '$.backbone.size' WHEN 'tiny' THEN 'ViT-Ti/' WHEN 'small' THEN 'ViT-S/' ELSE 'ViT-B/' END ||
        (config ->> '$.backbone.patch') ||
        iif(config ->> '$.backbone.depth' = 12, '', ' (' || (config ->> '$.backbone.depth') || ' blocks)')
    END,
    data_path = config ->> '$.data.path',
    epochs = config ->> '$.epochs',
    max_steps = config ->> '$.maxSteps';

  -- Numbers that are given once and never again, also not after what they were given to was deleted.
  CREATE TABLE counters (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;
  INSERT INTO counters SELECT 'run-color', count(*) FROM runs;
  UPDATE runs SET color = numbered.number
    FROM (SELECT id, row_number() OVER (ORDER BY created_at, rowid) - 1 AS number FROM runs) AS numbered
    WHERE numbered.id = runs.id;

  -- Events of steps that a resumed run goes through again stay in the history, but say nothing about it any more.
  ALTER TABLE events ADD COLUMN is_void INTEGER NOT NULL DEFAULT 0 CHECK (is_void IN (0, 1));
  UPDATE events SET is_void = 1 WHERE name IN ('collapse', 'collapse-ended') AND EXISTS (
    SELECT 1 FROM events AS later WHERE later.run = events.run AND later.id > events.id AND later.name = 'resumed'
      AND (later.data ->> '$.step') < (events.data ->> '$.step'));
  UPDATE runs SET collapsed = coalesce((
    SELECT name = 'collapse' FROM events
    WHERE run = runs.id AND name IN ('collapse', 'collapse-ended') AND is_void = 0 ORDER BY id DESC LIMIT 1), 0);

  -- When earlier attempts began and ended was not kept: the time between the points of a run's longest curve, pauses
  -- of more than ten minutes left out.
  UPDATE runs SET trained_for = coalesce((
    SELECT sum(gap) FROM (
      SELECT time - lag(time) OVER (ORDER BY step) AS gap FROM metrics
      WHERE series = (SELECT id FROM metric_series WHERE run = runs.id ORDER BY points DESC LIMIT 1))
    WHERE gap BETWEEN 0 AND 600000), 0);

  CREATE INDEX metric_series_by_name ON metric_series (name);
  -- All points of a curve whose step divided by width is block, in one row. NULL is NaN; min and max are NULL where
  -- all points are.
  CREATE TABLE metric_blocks (
    series INTEGER NOT NULL REFERENCES metric_series ON DELETE CASCADE,
    width INTEGER NOT NULL CHECK (width IN (32, 1024)),
    block INTEGER NOT NULL,
    points INTEGER NOT NULL,
    nans INTEGER NOT NULL,
    min REAL,
    max REAL,
    sum REAL,
    last_step INTEGER NOT NULL,
    last_epoch REAL NOT NULL,
    last_time REAL NOT NULL,
    last_value REAL,
    PRIMARY KEY (series, width, block)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO metric_blocks
    SELECT part.*, metrics.epoch, metrics.time, metrics.value FROM (
      SELECT series, column1 AS width, step / column1 AS block, count(*), count(*) - count(value), min(value),
        max(value), total(value), max(step) AS last_step
      FROM metrics, (VALUES (32), (1024)) GROUP BY series, width, block
    ) AS part JOIN metrics ON metrics.series = part.series AND metrics.step = part.last_step;

  -- A data set is kept from the moment it is added; its report comes when it was checked.
  CREATE TABLE new_datasets (
    path TEXT PRIMARY KEY,
    added_at REAL NOT NULL,
    checked_at REAL,
    report TEXT CHECK (json_valid(report)),
    failure TEXT,
    hint TEXT
  ) STRICT;
  INSERT INTO new_datasets (path, added_at, checked_at, report)
    SELECT path, added_at, checked_at, report FROM datasets;
  DROP TABLE datasets;
  ALTER TABLE new_datasets RENAME TO datasets;
  `,
  `
  -- What was called an embedding set is a file that was written for other programs.
  ALTER TABLE embedding_sets RENAME TO embedding_files;

  CREATE TABLE embedding_sets (
    id TEXT PRIMARY KEY,
    recipe TEXT NOT NULL UNIQUE CHECK (json_valid(recipe)),
    encoder_name TEXT NOT NULL,     -- as it was when the set was made: a run may be deleted
    data_path TEXT NOT NULL,
    space TEXT NOT NULL DEFAULT '', -- known once the encoder was opened
    state TEXT NOT NULL CHECK (state IN ('partial', 'ready', 'failed')),
    failure TEXT,
    hint TEXT,
    count INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    report TEXT NOT NULL CHECK (json_valid(report)),
    facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),  -- of its rows as they are: index, copies, maps
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
  ) STRICT;

  CREATE TABLE imported_encoders (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified_at REAL NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    added_at REAL NOT NULL
  ) STRICT;
  `,
  `
  -- What a file says of normalization stood among the warnings, and weights from elsewhere bore "its own" like exports of
  -- Selvedge.
  UPDATE imported_encoders SET facts = json_set(facts, '$.normalization', 'imagenet')
    WHERE json_extract(facts, '$.normalization') = 'its own'
      AND facts LIKE '%Pixels are normalized by ImageNet''s mean and deviation.%';
  UPDATE imported_encoders SET facts = json_set(facts, '$.warnings', json((
    SELECT json_group_array(value) FROM json_each(facts, '$.warnings')
      WHERE value NOT LIKE 'Pixels are normalized by ImageNet''s mean and deviation%'
  )));
  `,
  `
  -- What cannot be read from its runs: what an experiment was started with, and which run is which stage's.
  CREATE TABLE experiments (
    name TEXT PRIMARY KEY,          -- what the names of its runs begin with
    experiment TEXT NOT NULL,       -- the id of what is done
    data_path TEXT NOT NULL,
    labelled_path TEXT,
    settings TEXT NOT NULL CHECK (json_valid(settings)),    -- pairs of path and value, as --set takes them
    started_at REAL NOT NULL
  ) STRICT;
  CREATE TABLE experiment_runs (
    experiment TEXT NOT NULL REFERENCES experiments ON DELETE CASCADE,
    stage TEXT NOT NULL,
    run TEXT NOT NULL UNIQUE REFERENCES runs ON DELETE CASCADE,
    PRIMARY KEY (experiment, stage)
  ) STRICT, WITHOUT ROWID;
  `,
];
