import { describe, expect, it } from 'vitest';
import { sequencesOf } from '../../src/data';

describe('sequencesOf', () => {
  const names = ['b/10.png', 'b/2.png', 'b/1.png', 'a/x/frame9.jpg', 'a/x/frame10.jpg', 'top.png'];
  const all = Uint32Array.from(names.keys());

  it('takes each folder as one, its images as people number them', () => {
    expect(sequencesOf(names, all)).toEqual([
      { name: '', frames: Uint32Array.of(5) },
      { name: 'a/x', frames: Uint32Array.of(3, 4) },
      { name: 'b', frames: Uint32Array.of(2, 1, 0) },
    ]);
  });

  it('leaves out what is held out', () => {
    const [, , b] = sequencesOf(
      names,
      all.filter((index) => index !== 1),
    );
    expect(b.frames).toEqual(Uint32Array.of(2, 0));
  });
});
