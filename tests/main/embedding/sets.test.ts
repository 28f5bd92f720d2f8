/** src/main/embedding/sets.ts: what is known of a set's rows while they change. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { embedSet } from '../../../src/main/embedding/sets';
import { openHost } from '../../../src/main/host';
import { cli, fakeRunner, temporaryFolder } from '../helpers';

it('forgets what was computed from the rows as soon as the first of them may change', async () => {
  const folder = join(temporaryFolder(), 'birds');
  mkdirSync(folder);
  for (const name of ['0.jpg', '1.jpg']) writeFileSync(join(folder, name), 'x');
  const library = join(temporaryFolder(), 'library');
  const made = await cli(library, ['embed', 'pixels', '--data', folder, '--json']);
  const { id } = made.terminal.lines().at(-1) as { id: string };
  const host = await openHost(fakeRunner, 'own', library);
  try {
    const copies = { pairs: 2, floor: 0.5, suggested: null, madeAt: 1 };
    host.store.sets.know(id, { copies });
    await embedSet(host, id);
    expect(host.store.sets.get(id).facts.copies).toEqual(copies);

    writeFileSync(join(folder, '2.jpg'), 'x');
    const seen: unknown[] = [];
    await embedSet(host, id, {
      onMessage(message) {
        if (message.type === 'progress' && message.phase === 'embedding')
          seen.push(host.store.sets.get(id).facts.copies);
      },
    });
    expect(seen).toEqual([null]);
  } finally {
    host.close();
  }
});
