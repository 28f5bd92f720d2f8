/** Queries and the images they are made with, as windows send them. src/main/app/search.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { QueryFiles } from '../../../src/main/app/query-files';
import { CLOSE_UP, queriesUrl, queryPictureUrl, rowPictureUrl } from '../../../src/shared/api/files';
import { MAX_QUERY_BYTES, queryImageSchema } from '../../../src/shared/explorer/search';
import { temporaryFolder } from '../helpers';
import { follow, refusalOf, served, until, type Served } from './support';

const post = ({ server, token }: Served, body: BodyInit, path = queriesUrl('photo.png'), headers = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    body,
    headers: { Authorization: `Bearer ${token}`, ...headers },
  });

describe('an image to search with', () => {
  it('is taken in, and shown', async () => {
    const app = await served();
    const answer = await post(app, Buffer.alloc(1000, 7));
    expect(answer.status).toBe(200);
    const image = queryImageSchema.parse(await answer.json());
    expect(image).toMatchObject({ name: 'photo.png', width: 3, height: 2, bytes: 1000 });
    const picture = await app.get(queryPictureUrl(image.id));
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect((await app.get(`${queryPictureUrl(image.id)}0000`)).status).toBe(400);
    expect((await app.get(queryPictureUrl('unknown'))).status).toBe(404);
  });

  it('is refused with the reason where it is none', async () => {
    const app = await served();
    const page = await post(app, '<html>');
    expect(page.status).toBe(422);
    expect(await page.json()).toMatchObject({ message: 'photo.png is a piece of a web page.' });
    const empty = await post(app, '');
    expect(empty.status).toBe(422);
    expect(await empty.json()).toMatchObject({ message: 'There is no image: the file is empty (0 bytes).' });
  });

  it('is not read further than the limit, whether it says its length or not', async () => {
    const app = await served();
    const whole = await app.app.fetch(
      new Request('http://127.0.0.1/queries', { method: 'POST', body: new Uint8Array(MAX_QUERY_BYTES + 1) }),
    );
    expect(whole.status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 2 ** 20;
        controller.enqueue(new Uint8Array(2 ** 20));
      },
    });
    const init = { method: 'POST', body: endless, duplex: 'half' } as RequestInit;
    const answer = await app.app.fetch(new Request('http://127.0.0.1/queries', init));
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(MAX_QUERY_BYTES + 8 * 2 ** 20);
    // Over the wire: announced, and never sent.
    expect(await announced(app, MAX_QUERY_BYTES + 1)).toBe(413);
  });

  it('is taken from nobody without the token, from no other page, and nowhere else', async () => {
    const app = await served();
    expect((await post(app, 'x', queriesUrl('a'), { Authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(app, 'x', queriesUrl('a'), { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await post(app, 'x', '/exports/abc')).status).toBe(413);
    expect((await post(app, 'x', '/queries/more')).status).toBe(413);
  });

  it('is kept until newer ones take its place', () => {
    const files = new QueryFiles(250);
    const file = (name: string) => ({ name, bytes: new Uint8Array(100) });
    const [a, b] = [files.keep(file('a')), files.keep(file('b'))];
    expect(files.get(a).name).toBe('a');
    const c = files.keep(file('c'));
    expect(() => files.get(b)).toThrow('not kept any more');
    expect([files.get(a).name, files.get(c).name]).toEqual(['a', 'c']);
  });
});

/** What a server answers to a length alone. */
function announced({ server, token }: Served, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({
      port: server.port,
      path: '/queries',
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Length': length },
    });
    call.on('response', ({ statusCode }) => {
      resolve(statusCode ?? 0);
      call.destroy();
    });
    call.on('error', reject);
    call.write('x');
  });
}

/** An app with a set of seven images. */
async function withSet() {
  const folder = join(temporaryFolder(), 'birds');
  mkdirSync(folder);
  for (let i = 0; i < 7; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  const app = await served({ roots: [folder] });
  const client = await app.connect();
  const heard = await follow(client);
  const { id: dataset } = await client.datasets.add({ place: app.app.registerPlace(folder).id });
  const { id: set } = await client.explorer.sets.embed({ encoder: { kind: 'pixels' }, dataset });
  const last = () => heard.of('embedding-set').at(-1)?.set;
  await until(() => last()?.state === 'ready' && last()?.work === null);
  return { ...app, client, dataset, set, folder, last };
}

test('a query names sets and images by ids; the child gets their folders and files', async () => {
  const app = await withSet();
  const { client, set, dataset, folder } = app;
  const image = queryImageSchema.parse(await (await post(app, 'bytes')).json());
  const answer = await client.explorer.search({
    sets: [set],
    like: [
      { kind: 'query', id: image.id },
      { kind: 'row', set, row: 2, name: '2.jpg' },
    ],
    unlike: [{ kind: 'dataset', dataset, index: 1 }],
    k: 5,
  });
  expect(answer).toMatchObject({ results: [{ set, rank: 1 }], searched: 5 });
  expect(JSON.parse(answer.warnings[0])).toMatchObject({
    sets: [{ id: set, name: 'Raw pixels, 16 px on birds', encoder: { kind: 'pixels', side: 16 } }],
    like: [
      { kind: 'file', id: image.id, name: 'photo.png' },
      { kind: 'row', set: { id: set }, row: 2, name: '2.jpg' },
    ],
    unlike: [{ kind: 'dataset', path: folder, name: '1.jpg' }],
    method: 'auto',
    temperature: 0.07,
  });

  const like = [{ kind: 'query' as const, id: 'forgotten' }];
  expect((await refusalOf(client.explorer.search({ sets: [set], like }))).message).toBe(
    'This image is not kept any more.',
  );
  expect((await refusalOf(client.explorer.search({ sets: ['nothing'], like }))).message).toMatch(
    /no embedding set/,
  );
});

test('a set is opened before the first query', async () => {
  const { client, set } = await withSet();
  expect(await client.explorer.prepare({ set })).toBeNull();
  expect((await refusalOf(client.explorer.prepare({ set: 'nothing' }))).message).toMatch(/no embedding set/);
});

test('rows are shown by set and number, and kept as long as the set is what it was', async () => {
  const { get, set, last } = await withSet();
  const picture = await get(rowPictureUrl(set, 3));
  expect(picture.headers.get('content-type')).toBe('image/jpeg');
  expect(picture.headers.get('cache-control')).not.toMatch(/immutable/);
  const kept = await get(rowPictureUrl(set, 3, 96, { name: '3.jpg', version: last()?.updatedAt }));
  expect(kept.headers.get('cache-control')).toMatch(/immutable/);
  // At full size only here, where two are compared.
  expect((await get(rowPictureUrl(set, 3, CLOSE_UP))).status).toBe(200);
  expect((await get(rowPictureUrl(set, 3, CLOSE_UP + 1))).status).toBe(400);
  expect((await get(queryPictureUrl('any', CLOSE_UP))).status).toBe(400);
  const gone = await get(rowPictureUrl(set, 8));
  expect(gone.status).toBe(422);
  expect(await gone.json()).toMatchObject({ message: 'There is no row 8.' });
  expect((await get(rowPictureUrl('nothing', 0))).status).toBe(404);
  expect((await get(`/pictures/sets/${set}/..%2f..%2fsecret`)).status).toBe(404);
});

test('an index that is missed is built in the background, and told', async () => {
  const { client, set, last } = await withSet();
  const like = [{ kind: 'row' as const, set, row: 0 }];
  const answer = await client.explorer.search({ sets: [set], like, method: 'approximate' });
  expect(answer).not.toHaveProperty('unindexed');
  expect(answer.warnings.at(-1)).toBe('An index is being built in the background.');
  await until(() => last()?.index !== null && last()?.work === null);
  expect(last()?.index).toMatchObject({ recallAt10: 0.99 });
});
