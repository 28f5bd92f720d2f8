/**
 * The published ground truth of revisited Oxford and Paris, gnd_roxford5k.pkl and gnd_rparis6k.pkl (Radenovic et al.
 * 2018, arXiv 1803.11285), as ours: names in place of numbers.
 */
import { messageOf, UserError } from '../shared/errors';
import { groundTruthSchema, type GroundTruth, type GroundTruthQuery } from '../shared/explorer/ground-truth';
import { NumberArray, readPickle, type Pickled } from './pickle';

/** @throws UserError naming what the file has instead of what is expected. */
export function readRevisited(content: Buffer, file: string): GroundTruth {
  try {
    return convert(readPickle(content), file);
  } catch (error) {
    throw new UserError(
      `${file} is no ground truth of revisited Oxford or Paris: ${messageOf(error)}.`,
      'Give gnd_roxford5k.pkl or gnd_rparis6k.pkl as they are published.',
      'usage',
    );
  }
}

function convert(root: Pickled, file: string): GroundTruth {
  const top = dictOf(root, 'the file');
  const images = listOf(top.get('imlist'), 'imlist').map((name) => textOf(name, 'imlist'));
  const asking = listOf(top.get('qimlist'), 'qimlist').map((name) => textOf(name, 'qimlist'));
  const truths = listOf(top.get('gnd'), 'gnd');
  if (truths.length !== asking.length)
    throw new Error(`qimlist has ${asking.length} names, gnd has ${truths.length} queries`);
  const queries = truths.map((truth, at): GroundTruthQuery => {
    const where = `gnd[${at}]`;
    const of = dictOf(truth, where);
    const names = (key: string) =>
      numbersOf(of.get(key), `${where}.${key}`).map((number) => {
        const name = images.at(number);
        if (!Number.isInteger(number) || number < 0 || name === undefined)
          throw new Error(`${where}.${key} names image ${number}, and imlist has ${images.length}`);
        return name;
      });
    return {
      image: asking[at],
      box: boxOf(of.get('bbx'), `${where}.bbx`),
      easy: names('easy'),
      hard: names('hard'),
      junk: names('junk'),
    };
  });
  return groundTruthSchema.parse({
    format: 'selvedge-ground-truth',
    version: 1,
    kind: 'revisited',
    source: file,
    images,
    queries,
  } satisfies GroundTruth);
}

function boxOf(value: Pickled | undefined, where: string): GroundTruthQuery['box'] {
  const numbers = numbersOf(value, where);
  if (numbers.length !== 4) throw new Error(`${where} has ${numbers.length} numbers; expected 4`);
  return numbers as [number, number, number, number];
}

function dictOf(value: Pickled | undefined, where: string): Map<string, Pickled> {
  if (value instanceof Map) return value;
  throw new Error(`${where} is no dict`);
}

function listOf(value: Pickled | undefined, where: string): Pickled[] {
  if (Array.isArray(value)) return value;
  throw new Error(value === undefined ? `${where} is missing` : `${where} is no list`);
}

/** A list or an array, also of arrays of one number. */
function numbersOf(value: Pickled | undefined, where: string): number[] {
  if (value instanceof NumberArray) return [...value.values];
  return listOf(value, where).map((item) => {
    const number = item instanceof NumberArray && item.values.length === 1 ? item.values[0] : item;
    if (typeof number === 'number') return number;
    throw new Error(`${where} holds something that is no number`);
  });
}

function textOf(value: Pickled, where: string): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  throw new Error(`${where} holds something that is no name`);
}
