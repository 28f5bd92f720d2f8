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

/** A host without a file manager tells the path, which is copied in its place. */
async function reveal({ set, row, name }: Result): Promise<void> {
  try {
    const { path, isShown } = await host.explorer.sets.reveal({ set, row, name });
    if (!isShown) await copy(path, `There is no file manager here. Copied ${path} instead.`);
  } catch (error) {
    toastProblem(error);
  }
}

/** The sample has no folder that would mean anything to others. */
function copyPath({ name }: Result, set: EmbeddingSet | undefined): Promise<void> {
  const path = set && set.dataPath !== 'sample' ? `${set.dataPath}/${name}` : name;
  return copy(path, `Copied ${path}`);
}

/** @param told once it is copied. */
async function copy(path: string, told: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(path);
    toast(told);
  } catch {
    toast('The clipboard cannot be written.', { tone: 'error', hint: path });
  }
}

/** A grid, or what shows one, that keys of the page walk too. */
export interface Walker {
  /** @returns whether the key walked. */
  walk(key: string): boolean;
}
