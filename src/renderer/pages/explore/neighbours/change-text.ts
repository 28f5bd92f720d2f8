/** A result's move between two encoders, in words. */
import type { RankChange } from './compare-answers';

export function changeText(change: RankChange): string {
  switch (change.kind) {
    case 'same':
      return 'same rank with the other encoder';
    case 'new':
      return 'not found by the first encoder';
    case 'gone':
      return 'not found by the second encoder';
    case 'up':
    case 'down':
      return `${change.by} ${change.by === 1 ? 'rank' : 'ranks'} ${change.kind === 'up' ? 'higher' : 'lower'} with the second encoder`;
  }
}
