/** What folders mean: splits, classes, and when there are none. */
import { describe, expect, it } from 'vitest';
import { layOut } from '../../src/data/layout';

/** Names in final order. */
function ordered(names: string[]): string[] {
  return layOut(names).order.map((position) => names[position]);
}

describe('layOut: classes', () => {
  it('takes folders as classes', () => {
    const layout = layOut(['dog/b.jpg', 'cat/a.jpg', 'dog/deep/c.jpg']);
    expect(layout).toMatchObject({ classes: ['cat', 'dog'], labels: [0, 1, 1], trainCount: null });
  });

  it('never counts images as classes', () => {
    expect(layOut(['a.jpg', 'b.jpg', 'c.jpg'])).toMatchObject({ classes: null, labels: null });
    const each = layOut(['p1/a.jpg', 'p2/a.jpg', 'p3/a.jpg']);
    expect(each.classes).toBeNull();
    expect(each.notes[0]).toContain('taken as unlabelled');
  });

  it('sees no class in a single folder, however deep', () => {
    expect(layOut(['x/y/a.jpg', 'x/y/b.jpg']).classes).toBeNull();
  });

  it('passes over folders that hold everything', () => {
    expect(layOut(['data/v1/cat/a.jpg', 'data/v1/cat/b.jpg', 'data/v1/dog/a.jpg']).classes).toEqual([
      'cat',
      'dog',
    ]);
  });

  it('leaves images beside the class folders unlabelled', () => {
    const layout = layOut(['cat/a.jpg', 'cat/b.jpg', 'dog/a.jpg', 'stray.jpg']);
    expect(layout.labels).toEqual([0, 0, 1, -1]);
    expect(layout.notes[0]).toContain('1 images lie outside');
  });
});

describe('layOut: splits', () => {
  it('takes train and test folders as a split, classes below', () => {
    const layout = layOut(['test/cat/1.jpg', 'train/dog/1.jpg', 'train/cat/1.jpg', 'test/dog/1.jpg']);
    expect(layout).toMatchObject({ classes: ['cat', 'dog'], labels: [0, 1, 0, 1], trainCount: 2 });
    expect(ordered(['test/a.jpg', 'train/b.jpg'])).toEqual(['train/b.jpg', 'test/a.jpg']);
  });

  it('prefers test to val and says so', () => {
    const layout = layOut(['train/a.jpg', 'val/b.jpg', 'test/c.jpg', 'extra.jpg']);
    expect(layout).toMatchObject({ trainCount: 1, order: [0, 2] });
    expect(layout.notes.join()).toContain('1 images in val/ are not used');
    expect(layout.notes.join()).toContain('beside the folders');
    expect(layOut(['train/a.jpg', 'val/b.jpg'])).toMatchObject({ trainCount: 1, order: [0, 1] });
  });

  it('reads unlabelled training images with a labelled test part', () => {
    const layout = layOut(['train/1.jpg', 'train/2.jpg', 'test/a/1.jpg', 'test/a/2.jpg', 'test/b/1.jpg']);
    expect(layout).toMatchObject({ classes: ['a', 'b'], labels: [-1, -1, 0, 0, 1], trainCount: 2 });
  });

  it('holds out from training where the test part has no classes', () => {
    const layout = layOut(['train/a/1.jpg', 'train/a/2.jpg', 'train/b/1.jpg', 'val/9.jpg']);
    expect(layout).toMatchObject({ classes: ['a', 'b'], labels: [0, 0, 1], trainCount: null });
    expect(layout.notes.join()).toContain('left out');
  });

  it('does not depend on the order of the file system', () => {
    const names = ['b/2.jpg', 'a/1.jpg', 'a/10.jpg', 'b/1.jpg'];
    expect(ordered([...names].reverse())).toEqual(ordered(names));
  });
});
