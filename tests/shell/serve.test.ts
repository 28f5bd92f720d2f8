/** `selvedge serve`, the whole of it but the process: src/main/shell/headless/serve.ts and the command. */
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { openHost } from '../../src/main/host';
import { portOf } from '../../src/main/shell/headless/serve';
import type { Contract } from '../../src/shared/api/contract';
import { cli, fakeRunner, fakeTerminal, temporaryFolder, until } from '../main/helpers';

/** Serves until it is interrupted. */
function serveLibrary(...args: string[]) {
  const library = join(temporaryFolder(), 'library');
  const terminal = fakeTerminal();
  const ended = cli(library, ['serve', '--no-open', ...args], terminal);
  return { library, terminal, ended };
}

async function connect(address: string): Promise<ContractRouterClient<Contract>> {
  const socket = new WebSocket(address.replace('http', 'ws').replace('/?', '/rpc?'));
  await new Promise((open) => socket.once('open', open));
  onTestFinished(() => socket.terminate());
  return createORPCClient(new RPCLink({ websocket: socket }));
}

const addressIn = (text: string) => /http:\/\/\S+/.exec(text)?.[0];

describe('serving', () => {
  test('prints the address, and ends at the first Ctrl-C where nothing trains', async () => {
    const { terminal, ended, library } = serveLibrary();
    await until(() => addressIn(terminal.out()) !== undefined);
    const client = await connect(addressIn(terminal.out())!);
    expect(await client.host.info()).toMatchObject({ library, shell: 'headless', writable: true });
    terminal.interrupt();
    expect((await ended).code).toBe(0);
  });

  test('says where it serves in JSON', async () => {
    const root = temporaryFolder();
    const { terminal, ended } = serveLibrary('--json', '--root', root);
    await until(() => terminal.out() !== '');
    const [line] = terminal.lines();
    expect(line).toMatchObject({ type: 'serving', port: expect.any(Number) as number });
    const client = await connect(String(line['url']));
    expect((await client.folders.list({ place: null })).folders.map(({ path }) => path)).toEqual([root]);
    terminal.interrupt();
    await ended;
  });

  test.each([
    ['the first Ctrl-C stops a run with a checkpoint, and says so', 1, 'stopped'],
    ['the second Ctrl-C ends it at once', 2, 'interrupted'],
  ])('%s', async (_name, presses, status) => {
    const { terminal, ended, library } = serveLibrary();
    await until(() => addressIn(terminal.out()) !== undefined);
    const client = await connect(addressIn(terminal.out())!);
    // One that does not obey the first time is needed for the second.
    const behaviour = presses === 1 ? 'wait' : 'stubborn';
    const { id } = await client.runs.create({
      base: { kind: 'preset', preset: 'quick' },
      changes: { 'options.behaviour': behaviour },
      from: null,
      name: 'mine',
    });
    const deadline = Date.now() + 15_000;
    while ((await client.runs.get({ run: id })).row.step < 12 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (let press = 0; press < presses; press++) terminal.interrupt();
    await ended;
    expect(terminal.out()).toMatch(/Stopping mine with a checkpoint\. Ctrl-C again ends it at once\./);
    const host = await openHost(fakeRunner, 'read', library);
    expect(host.store.runs.get(id).status).toBe(status);
    host.close();
  });
});

test('what cannot be served is a usage error', async () => {
  const library = join(temporaryFolder(), 'library');
  expect(await cli(library, ['serve', '--port', '70000'])).toMatchObject({ code: 2 });
  const { code, err } = await cli(library, ['serve', '--no-open', '--root', join(library, 'none')]);
  expect([code, err]).toEqual([2, expect.stringMatching(/root .* cannot be listed/)]);
  expect(portOf('0')).toBe(0);
  for (const text of ['-1', '1.5', 'x', '1e3', '']) expect(() => portOf(text)).toThrow(/whole number/);
});
