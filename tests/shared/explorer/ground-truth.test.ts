/** Ground truth as a table or JSON: what is wrong is said with its line. */
import { expect, test } from 'vitest';
import { UserError } from '../../../src/shared/errors';
import { parseGroundTruth } from '../../../src/shared/explorer/ground-truth';

test('a table becomes queries, quoted names and all line ends included', () => {
  const text =
    '\uFEFFquery,result,relation\r\na.jpg,b.jpg,positive\r\n\r\na.jpg,"c, ""d"".jpg",junk\nz.jpg, a.jpg ,positive';
  expect(parseGroundTruth(text, 'gt.csv').queries).toEqual([
    { image: 'a.jpg', box: null, easy: ['b.jpg'], hard: [], junk: ['c, "d".jpg'] },
    { image: 'z.jpg', box: null, easy: ['a.jpg'], hard: [], junk: [] },
  ]);
});

test.each<[what: string, file: string, text: string, message: string]>([
  ['another ending', 'gt.pkl', '', 'it must end with .json or .csv'],
  ['another head', 'gt.csv', 'a,b\n', 'Line 1 of gt.csv: it is "a,b"'],
  [
    'an unknown relation',
    'gt.csv',
    'query,result,relation\na,b,good',
    'Line 2 of gt.csv: the relation is "good"',
  ],
  ['a missing column', 'gt.csv', 'query,result,relation\n\na,b', 'Line 3 of gt.csv: it has 2 columns'],
  ['no name', 'gt.csv', 'query,result,relation\n,b,junk', 'a file name is missing'],
  ['no query', 'gt.csv', 'query,result,relation\n', 'there is no query'],
  ['an open quotation', 'gt.csv', 'query,result,relation\n"a,b,junk', 'Line 2 of gt.csv: a quotation mark'],
  ['no JSON', 'gt.json', '{', 'gt.json is not JSON'],
  ['another JSON', 'gt.json', '{"format":"x"}', 'gt.json is no ground truth'],
])('%s is refused', (_, file, text, message) => {
  expect(() => parseGroundTruth(text, file)).toThrow(UserError);
  expect(() => parseGroundTruth(text, file)).toThrow(message);
});
