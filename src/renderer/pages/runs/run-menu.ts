/** What the menu of a row offers. */
import Columns2 from '@lucide/svelte/icons/columns-2';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Pause from '@lucide/svelte/icons/pause';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import Play from '@lucide/svelte/icons/play';
import Square from '@lucide/svelte/icons/square';
import Trash from '@lucide/svelte/icons/trash-2';
import { isLive, type RunRow } from '../../../shared/api/run-rows';
import { command, deleteRuns, pinBaseline, verbsOf, verbTitle } from '../../lib/run-commands';
import { comparePath, go, href, runPath } from '../../lib/router.svelte';
import type { MenuItem } from '../../ui/menu';

export interface RowMenuContext {
  row: RunRow;
  /** Why nothing can be changed, where nothing can. */
  readOnly: string | undefined;
  /** The pinned run, where there is one. */
  baseline: RunRow | undefined;
  edit: (row: RunRow) => void;
}

const verbIcon = { pause: Pause, unpause: Play, stop: Square, resume: Play };

export function rowMenu({ row, readOnly, baseline, edit }: RowMenuContext): MenuItem[] {
  const other = baseline && baseline.id !== row.id ? baseline : undefined;
  return [
    { title: 'Open', icon: FolderOpen, keys: 'Enter', run: () => go(runPath(row.id)) },
    ...verbsOf(row).map((verb) => ({
      title: row.state === 'queued' ? 'Take out of the queue' : verbTitle[verb],
      icon: verbIcon[verb],
      disabled: readOnly,
      run: () => command(verb, row.id),
    })),
    { kind: 'separator' },
    {
      title: row.isBaseline ? 'Unpin as baseline' : 'Pin as baseline',
      icon: Pin,
      keys: 'b',
      disabled: readOnly,
      run: () => pinBaseline(row),
    },
    ...(other
      ? [
          {
            title: 'Compare with the baseline',
            icon: Columns2,
            run: () => go(comparePath([other.id, row.id])),
          },
        ]
      : []),
    { title: 'Name, tags, notes', icon: Pencil, keys: 'e', disabled: readOnly, run: () => edit(row) },
    {
      title: 'Duplicate with changes',
      icon: CopyPlus,
      keys: 'd',
      disabled: readOnly,
      run: () => go(href('/new', { run: row.id })),
    },
    { kind: 'separator' },
    {
      title: 'Delete',
      icon: Trash,
      keys: 'Delete',
      danger: true,
      disabled: readOnly ?? (isLive(row.state) ? 'Stop it first.' : undefined),
      run: () => deleteRuns([row]),
    },
  ];
}
