/** What can be done with the result that keys stand on: for its line, the keys and the palette alike. */
import type { Result } from '../../../../shared/explorer/search';
import type { EmbeddingSet } from '../../../../shared/explorer/sets';
import { host } from '../../../lib/host/client';
import { toast, toastProblem } from '../../../lib/toasts.svelte';
import type { Explore } from '../explore.svelte';
import { subjectOfRow } from '../subject';

export interface ResultCommand {
  readonly id: 'more' | 'less' | 'why' | 'reveal' | 'copy';
  readonly title: string;
  readonly keys: string;
  readonly disabled?: string | undefined;
  readonly run: () => unknown;
}

export function resultCommands(
  explore: Explore,
  result: Result,
  set: EmbeddingSet | undefined,
  why: (result: Result) => void,
): ResultCommand[] {
  const subject = subjectOfRow(result);
  const isQuery = result.isQuery ? 'It is the query.' : undefined;
  return [
    {
      id: 'more',
      title: 'More like this',
      keys: '+',
      disabled: isQuery,
      run: () => explore.lean(subject, 'more'),
    },
    {
      id: 'less',
      title: 'Less like this',
      keys: '-',
      disabled: isQuery,
      run: () => explore.lean(subject, 'less'),
    },
    { id: 'why', title: 'Why are they near?', keys: 'w', disabled: isQuery, run: () => why(result) },
    { id: 'reveal', title: 'Show in the file manager', keys: 'o', run: () => reveal(result) },
    { id: 'copy', title: 'Copy the path', keys: 'y', run: () => copyPath(result, set) },
  ];
}

async function reveal({ set, row }: Result): Promise<void> {
  try {
    await host.explorer.sets.reveal({ set, row });
  } catch (error) {
    toastProblem(error);
  }
}

/** The sample has no folder that would mean anything to others. */
async function copyPath({ name }: Result, set: EmbeddingSet | undefined): Promise<void> {
  const path = set && set.dataPath !== 'sample' ? `${set.dataPath}/${name}` : name;
  try {
    await navigator.clipboard.writeText(path);
    toast(`Copied ${path}`);
  } catch {
    toast('The clipboard cannot be written.', { tone: 'error', hint: path });
  }
}

/** A grid, or what shows one, that keys of the page walk too. */
export interface Walker {
  /** @returns whether the key walked. */
  walk(key: string): boolean;
}
