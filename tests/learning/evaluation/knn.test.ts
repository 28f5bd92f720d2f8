import { describe, expect, it } from 'vitest';
import { openDevice, prepareEager, type Device } from '../../../src/engine';
import { classifyByNeighbours, vote, type LabelledVectors } from '../../../src/learning/evaluation/knn';
import { nearestNeighbours } from '../../../src/learning/evaluation/neighbours';
import { random } from '../../../src/shared/random';

const device: Pick<Device, 'prepare'> = {
  prepare: (definition, state) => prepareEager('cpu', definition, state),
};

/** Vectors around one centre a class; `spread` is how far apart the centres are, `shift` how far off they all lie. */
function cloud(count: number, size: number, draw: number, spread = 1, shift = 0): LabelledVectors {
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const data = Float32Array.from(
    labels.flatMap((label, i) => {
      const source = random(3, 'method', draw, i);
      const centre = random(3, 'method', 99, label);
      return Array.from({ length: size }, () => spread * (centre.normal() + source.normal()) + shift);
    }),
  );
  return { data, size, labels };
}

/** All similarities of all queries, sorted. */
function bruteForce(bank: LabelledVectors, queries: LabelledVectors, k: number) {
  const rows = ({ data, size }: LabelledVectors) =>
    Array.from({ length: data.length / size }, (_, i) => [...data.slice(i * size, (i + 1) * size)]);
  return rows(queries).map((query) =>
    rows(bank)
      .map((row, index) => ({
        index,
        similarity:
          row.reduce((sum, x, i) => sum + x * query[i], 0) / Math.hypot(...row) / Math.hypot(...query),
      }))
      .sort((a, b) => b.similarity - a.similarity || a.index - b.index)
      .slice(0, k),
  );
}

describe('nearestNeighbours', () => {
  it.each([
    { name: 'spread out', spread: 1, shift: 0 },
    { name: 'pointing nearly the same way', spread: 1e-3, shift: 10 },
  ])('finds what brute force finds in vectors $name', async ({ spread, shift }) => {
    const bank = cloud(150, 12, 1, spread, shift);
    const queries = cloud(40, 12, 2, spread, shift);
    const found = await nearestNeighbours(device, bank, queries, 7);
    const expected = bruteForce(bank, queries, 7).flat();
    expect([...found.indices]).toEqual(expected.map(({ index }) => index));
    for (const [i, { similarity }] of expected.entries())
      expect(found.similarities[i]).toBeCloseTo(similarity, 12);
  });

  it('gives the same answer for any size of blocks', async () => {
    const bank = cloud(97, 9, 1, 0.01, 1);
    const queries = cloud(31, 9, 2, 0.01, 1);
    const whole = await nearestNeighbours(device, bank, queries, 10);
    for (const [bankBlock, queryBlock] of [
      [97, 1],
      [10, 31],
      [1, 16],
      [64, 7],
    ]) {
      const found = await nearestNeighbours(device, bank, queries, 10, { bankBlock, queryBlock });
      expect(found).toEqual(whole);
    }
  });

  it('gives the same answer on a compiled graph', async () => {
    const { device: compiled } = await openDevice('cpu', { threads: 1, lowMemory: false });
    const bank = cloud(97, 9, 1, 0.01, 1);
    const queries = cloud(31, 9, 2, 0.01, 1);
    const expected = await nearestNeighbours(device, bank, queries, 10);
    for (const bankBlock of [97, 32]) {
      expect(await nearestNeighbours(compiled, bank, queries, 10, { bankBlock })).toEqual(expected);
    }
    await compiled.dispose();
  });

  it('takes the lower row first among equals', async () => {
    const same = { data: new Float32Array(5 * 2).fill(1), size: 2 };
    const { indices } = await nearestNeighbours(device, same, same, 3, { bankBlock: 2 });
    expect([...indices.slice(0, 3)]).toEqual([0, 1, 2]);
  });

  it('refuses embeddings of an encoder that has diverged', async () => {
    const vectors = { data: Float32Array.of(1, 2, NaN, 1), size: 2 };
    await expect(nearestNeighbours(device, vectors, vectors, 1)).rejects.toThrow('Embedding 1 holds');
  });

  it('reports its progress', async () => {
    const seen: number[][] = [];
    const onBlock = (done: number, total: number) => void seen.push([done, total]);
    const vectors = cloud(6, 2, 1);
    await nearestNeighbours(device, vectors, vectors, 1, { bankBlock: 3, queryBlock: 6, onBlock });
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

describe('classifyByNeighbours', () => {
  it('counts the queries whose heaviest class is right, for several k', async () => {
    const bank = cloud(150, 12, 1);
    const queries = cloud(60, 12, 2);
    const wanted = [1, 5, 1000];
    const results = await classifyByNeighbours(device, bank, queries, { k: wanted, temperature: 0.07 });
    for (const [i, k] of [1, 5, 150].entries()) {
      const predictions = bruteForce(bank, queries, k).map((neighbours) => {
        const votes = [0, 0, 0];
        for (const { index, similarity } of neighbours)
          votes[bank.labels[index]] += Math.exp(similarity / 0.07);
        return votes.indexOf(Math.max(...votes));
      });
      const right = predictions.filter((prediction, query) => prediction === queries.labels[query]);
      expect([...results[i].predictions]).toEqual(predictions);
      expect(results[i]).toMatchObject({ k, accuracy: right.length / 60 });
    }
    expect(results[1].accuracy).toBeGreaterThan(0.8);
  });

  it('weighs votes without overflow at a low temperature', () => {
    const neighbours = {
      k: 3,
      indices: Int32Array.of(0, 1, 2),
      similarities: Float64Array.of(1, 0.99, 0.99),
    };
    expect([...vote(neighbours, [1, 0, 0], 3, 1e-4)]).toEqual([1]);
    expect([...vote(neighbours, [1, 0, 0], 3, 1)]).toEqual([0]);
    expect([...vote(neighbours, [1, 0, 0], 1, 1)]).toEqual([1]);
  });
});
