/** Which images answer which query, as a file says it: revisited Oxford / Paris, or a table of ours. */
import * as z from 'zod';
import { UserError } from '../errors';

const names = z.array(z.string().min(1));

export const groundTruthQuerySchema = z.strictObject({
  /** File name or path; folders and the ending may be left out where only one file has the name. */
  image: z.string().min(1),
  /** Left, top, right, bottom in pixels of the image: only that part asks. Null for all of it. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  /** Right answers that are easily found, and those that are not. A table has no hard ones. */
  easy: names,
  hard: names,
  /** Neither right nor wrong. */
  junk: names,
});
export type GroundTruthQuery = z.infer<typeof groundTruthQuerySchema>;

export const groundTruthSchema = z.strictObject({
  format: z.literal('selvedge-ground-truth'),
  version: z.literal(1),
  /** "revisited" is judged at three difficulties as revisitop does; "table" at one. */
  kind: z.enum(['revisited', 'table']),
  /** What it was made from. */
  source: z.string(),
  /** The images that answer; null for all of the set. */
  images: names.nullable(),
  queries: z.array(groundTruthQuerySchema).min(1),
});
export type GroundTruth = z.infer<typeof groundTruthSchema>;

/**
 * Reads a ground truth by its ending: `.json` as the converter writes it, `.csv` with the columns query, result,
 * relation ("positive" or "junk").
 * @throws UserError naming the place in the file.
 */
export function parseGroundTruth(text: string, file: string): GroundTruth {
  if (file.toLowerCase().endsWith('.csv')) return parseTable(text, file);
  if (file.toLowerCase().endsWith('.json')) return parseJson(text, file);
  throw new UserError(
    `${file} is no ground truth: it must end with .json or .csv.`,
    'Convert a published one with `selvedge eval ground-truth convert gnd_roxford5k.pkl --out gt.json`.',
    'usage',
  );
}

function parseJson(text: string, file: string): GroundTruth {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${String(error)}`, 'Convert the ground truth again.', 'usage');
  }
  const parsed = groundTruthSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${file} is no ground truth: ${z.prettifyError(parsed.error)}`,
    'Convert a published one with `selvedge eval ground-truth convert`, or write a CSV.',
    'usage',
  );
}

const COLUMNS = ['query', 'result', 'relation'];

function parseTable(text: string, file: string): GroundTruth {
  const bad = (line: number, what: string) =>
    new UserError(
      `Line ${line} of ${file}: ${what}`,
      `Each line is query,result,relation with the relation positive or junk; the first line says so.`,
      'usage',
    );
  const [head, ...records] = parseCsv(text, (line, what) => bad(line, what));
  if (!head || head.cells.map((cell) => cell.trim().toLowerCase()).join() !== COLUMNS.join())
    throw bad(1, `it is "${head?.cells.join(',') ?? ''}"; expected "${COLUMNS.join(',')}".`);
  const queries = new Map<string, GroundTruthQuery>();
  for (const { line, cells } of records) {
    if (cells.length !== 3) throw bad(line, `it has ${cells.length} columns; expected 3.`);
    const [image, result, relation] = cells.map((cell) => cell.trim());
    if (image === '' || result === '') throw bad(line, 'a file name is missing.');
    if (relation !== 'positive' && relation !== 'junk')
      throw bad(line, `the relation is "${relation}"; expected positive or junk.`);
    let query = queries.get(image);
    if (!query) queries.set(image, (query = { image, box: null, easy: [], hard: [], junk: [] }));
    (relation === 'positive' ? query.easy : query.junk).push(result);
  }
  if (queries.size === 0) throw bad(2, 'there is no query.');
  return {
    format: 'selvedge-ground-truth',
    version: 1,
    kind: 'table',
    source: file,
    images: null,
    queries: [...queries.values()],
  };
}

interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** RFC 4180: quoted cells may hold commas, line ends and doubled quotes. Empty lines are passed over. */
function parseCsv(text: string, bad: (line: number, what: string) => Error): CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let start = 1;
  let quoted = false;
  const source = text.replace(/^\uFEFF/, '');
  const end = () => {
    if (cells.length > 0 || cell !== '') records.push({ line: start, cells: [...cells, cell] });
    cells = [];
    cell = '';
  };
  for (let i = 0; i < source.length; i++) {
    const letter = source[i];
    if (letter === '\n') line++;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (source[i + 1] === '"') cell += source[++i];
      else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === ',') {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n') {
      end();
      start = line;
    } else if (letter !== '\r') cell += letter;
  }
  if (quoted) throw bad(start, 'a quotation mark is not closed.');
  end();
  return records;
}
