/** The embedding sets of the library, and the encoders from elsewhere that make some of them. */
import * as z from 'zod';
import { UserError } from '../../shared/errors';
import { encoderFactsSchema, type EncoderFacts } from '../../shared/explorer/encoder-source';
import {
  embeddingSetSchema,
  setIndexSchema,
  setRecipeSchema,
  type SetRecipe,
} from '../../shared/explorer/sets';
import { toJson } from '../json';
import { jsonColumn, row, rows, type Db } from './database';

/** What is known of the rows as they are; forgotten when rows change. */
const factsSchema = z.object({
  index: setIndexSchema.nullable().default(null),
  copies: embeddingSetSchema.shape.copies.default(null),
  maps: embeddingSetSchema.shape.maps.default([]),
});
export type SetFacts = z.infer<typeof factsSchema>;

/** What the last embedding found. */
const reportSchema = z.object({
  classes: z.array(z.string()).nullable().default(null),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })).default([]),
  notes: z.array(z.string()).default([]),
  /** Images a second. */
  rate: z.number().nullable().default(null),
  bytes: z.number().default(0),
});
export type SetReport = z.infer<typeof reportSchema>;

const setRow = z.object({
  id: z.string(),
  recipe: jsonColumn.pipe(setRecipeSchema),
  encoderName: z.string(),
  dataPath: z.string(),
  space: z.string(),
  state: z.enum(['partial', 'ready', 'failed']),
  failure: z.string().nullable(),
  hint: z.string().nullable(),
  count: z.int(),
  size: z.int(),
  report: jsonColumn.pipe(reportSchema),
  facts: jsonColumn.pipe(factsSchema),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type StoredSet = z.infer<typeof setRow>;

const SET_COLUMNS = `id, recipe, encoder_name AS encoderName, data_path AS dataPath, space, state, failure, hint, count,
  size, report, facts, created_at AS createdAt, updated_at AS updatedAt`;

/** Columns that change in a set's life. */
export type SetChange = Partial<
  Pick<StoredSet, 'encoderName' | 'space' | 'state' | 'failure' | 'hint' | 'count' | 'size' | 'report'>
>;

export class EmbeddingSetStore {
  constructor(private readonly db: Db) {}

  /** A set of which nothing is embedded yet. */
  add(set: Pick<StoredSet, 'id' | 'recipe' | 'encoderName' | 'dataPath'>, now = Date.now()): void {
    this.db
      .prepare(
        `INSERT INTO embedding_sets (id, recipe, encoder_name, data_path, state, report, created_at, updated_at)
         VALUES (:id, :recipe, :encoderName, :dataPath, 'partial', '{}', :now, :now)`,
      )
      .run({ ...set, recipe: recipeText(set.recipe), now });
  }

  /** Newest first. */
  list(): StoredSet[] {
    const query = `SELECT ${SET_COLUMNS} FROM embedding_sets ORDER BY created_at DESC, rowid DESC`;
    return rows(setRow, this.db.prepare(query).all());
  }

  /** @throws UserError where there is no such set. */
  get(id: string): StoredSet {
    const found = this.db.prepare(`SELECT ${SET_COLUMNS} FROM embedding_sets WHERE id = ?`).get(id);
    const set = row(setRow, found);
    if (set) return set;
    throw new UserError(
      `There is no embedding set ${id} any more.`,
      'Embed the images again, or choose another set.',
      'usage',
    );
  }

  /** The set of this very recipe. */
  ofRecipe(recipe: SetRecipe): StoredSet | undefined {
    const query = `SELECT ${SET_COLUMNS} FROM embedding_sets WHERE recipe = ?`;
    return row(setRow, this.db.prepare(query).get(recipeText(recipe)));
  }

  change(id: string, change: SetChange, now = Date.now()): void {
    const next = { ...this.get(id), ...change };
    this.db
      .prepare(
        `UPDATE embedding_sets SET encoder_name = :encoderName, space = :space, state = :state, failure = :failure,
           hint = :hint, count = :count, size = :size, report = :report, updated_at = :now WHERE id = :id`,
      )
      .run({
        id,
        encoderName: next.encoderName,
        space: next.space,
        state: next.state,
        failure: next.failure,
        hint: next.hint,
        count: next.count,
        size: next.size,
        report: toJson(next.report),
        now,
      });
  }

  /** Takes over those of `facts`; null forgets all. */
  know(id: string, facts: Partial<SetFacts> | null): void {
    const next = facts && { ...this.get(id).facts, ...facts };
    this.db.prepare('UPDATE embedding_sets SET facts = ? WHERE id = ?').run(toJson(next ?? {}), id);
  }

  remove(id: string): void {
    this.db.prepare('DELETE FROM embedding_sets WHERE id = ?').run(id);
  }
}

/** Equal recipes give equal text: the schema puts the keys in its own order. */
const recipeText = (recipe: SetRecipe): string => JSON.stringify(setRecipeSchema.parse(recipe));

const encoderRow = z.object({
  id: z.string(),
  path: z.string(),
  bytes: z.int(),
  modifiedAt: z.number(),
  facts: jsonColumn.pipe(encoderFactsSchema),
  addedAt: z.number(),
});
export type StoredEncoder = z.infer<typeof encoderRow>;

const ENCODER_COLUMNS = 'id, path, bytes, modified_at AS modifiedAt, facts, added_at AS addedAt';

export class EncoderStore {
  constructor(private readonly db: Db) {}

  /** Adds a file, or renews what is known of it where its id is known. */
  put(encoder: Omit<StoredEncoder, 'addedAt' | 'facts'> & { facts: EncoderFacts }, now = Date.now()): void {
    this.db
      .prepare(
        `INSERT INTO imported_encoders (id, path, bytes, modified_at, facts, added_at)
         VALUES (:id, :path, :bytes, :modifiedAt, :facts, :now)
         ON CONFLICT (id) DO UPDATE SET path = :path, bytes = :bytes, modified_at = :modifiedAt, facts = :facts`,
      )
      .run({ ...encoder, facts: toJson(encoder.facts), now });
  }

  /** In the order they were added. */
  list(): StoredEncoder[] {
    const query = `SELECT ${ENCODER_COLUMNS} FROM imported_encoders ORDER BY added_at, rowid`;
    return rows(encoderRow, this.db.prepare(query).all());
  }

  /** @throws UserError where there is no such encoder. */
  get(id: string): StoredEncoder {
    const query = `SELECT ${ENCODER_COLUMNS} FROM imported_encoders WHERE id = ?`;
    const found = row(encoderRow, this.db.prepare(query).get(id));
    if (found) return found;
    throw new UserError('This encoder is no longer known.', 'Add its file again.', 'usage');
  }

  remove(id: string): void {
    this.db.prepare('DELETE FROM imported_encoders WHERE id = ?').run(id);
  }
}
