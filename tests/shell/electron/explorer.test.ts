/** The explorer in the built main bundle: images posted to app://, and files shown in the file manager. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Contract } from '../../../src/shared/api/contract';
import { queriesUrl, queryPictureUrl, rowPictureUrl } from '../../../src/shared/api/files';
import { queryImageSchema } from '../../../src/shared/explorer/search';
import { writeImages } from '../../runner/fixtures';
import { createStandIn, type StandIn } from './stand-in';
import { loadShell } from './stand-in/load-shell';

let folder: string;
let images: string;
let electron: StandIn;
let unload: () => void;
let host: ContractRouterClient<Contract>;
let set: string;

const page = () => electron.state.windows[0].webContents.page!;
const until = <T>(check: () => T) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const post = (body: BodyInit) =>
  electron.fetch(`app://selvedge${queriesUrl('dropped.png')}`, { method: 'POST', body });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-electron-explorer-'));
  images = await writeImages(join(folder, 'images'), 3);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  electron = createStandIn(folder);
  unload = await loadShell(electron, ['--library', join(folder, 'library'), '--root', folder]);
  await until(() => expect(page()).toBeDefined());
  host = createORPCClient(new RPCLink({ port: await page().connect() }));

  electron.state.chosenPaths = [images];
  const place = await page().bridge.chooseFolder();
  const { id: dataset } = await host.datasets.add({ place: place!.id });
  ({ id: set } = await host.explorer.sets.embed({ encoder: { kind: 'pixels', side: 4 }, dataset }));
  await until(async () => {
    const [made] = await host.explorer.sets.list();
    expect(made).toMatchObject({ id: set, state: 'ready', work: null, count: 6 });
  });
}, 60_000);

afterAll(async () => {
  electron.app.quit();
  await until(() => expect(electron.state.ended).toBe(0));
  unload();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

test('an image that is posted to app:// is searched with, and its answer is shown', async () => {
  const answer = await post(readFileSync(join(images, 'blue/001.png')));
  expect(answer.status).toBe(200);
  const { id } = queryImageSchema.parse(await answer.json());
  const { results } = await host.explorer.search({ sets: [set], like: [{ kind: 'query', id }], k: 3 });
  expect(results[0].name).toBe('blue/001.png');
  expect(results[0].score).toBeCloseTo(1, 6);
  for (const url of [queryPictureUrl(id), rowPictureUrl(set, results[0].row)]) {
    const picture = await electron.fetch(`app://selvedge${url}`);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
  }
});

test('what is no image is refused with the reason', async () => {
  const answer = await post('<html></html>');
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('dropped.png') as string });
  expect((await electron.fetch('app://elsewhere/queries?name=a', { method: 'POST', body: 'x' })).status).toBe(
    404,
  );
});

test('the file of a row is shown in the file manager, while it is there', async () => {
  const { path, isShown } = await host.explorer.sets.reveal({ set, row: 0 });
  expect(isShown).toBe(true);
  expect(path.startsWith(images)).toBe(true);
  expect(electron.state.opened).toEqual([path]);
  rmSync(path);
  await expect(host.explorer.sets.reveal({ set, row: 0 })).rejects.toThrow(path);
  await expect(host.explorer.sets.reveal({ set, row: 99 })).rejects.toThrow('99');
  expect(electron.state.opened).toHaveLength(1);
});
