/** Setting up a run through the API: catalogue, resolve, views, estimate, devices and settings. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Recent } from '../../../src/shared/recent';
import { Studio } from '../../../src/main/app/studio';
import { fakeRunner, temporaryFolder } from '../helpers';
import { draftOf, follow, refusalOf, served, until, untilState } from './support';

test('a form is made, filled in, and told all that is wrong', async () => {
  const { connect } = await served();
  const client = await connect();
  const { methods, presets } = await client.setUp.catalogue();
  expect([methods[0].id, presets[0].id]).toEqual(['fake', 'quick']);

  const good = await client.setUp.resolve(draftOf({ steps: 3 }));
  expect(good).toMatchObject({
    issues: [],
    warnings: ['Nothing is learned.'],
    commandLine: 'selvedge train quick --set options.steps=3',
  });
  expect(good.config?.options).toMatchObject({ steps: 3 });

  const bad = { ...draftOf(), changes: { batchSize: 0 } };
  const { config, issues } = await client.setUp.resolve(bad);
  expect(config).toBeNull();
  expect(issues[0].message).toMatch(/batchSize/);
  expect(await refusalOf(client.runs.create(bad))).toMatchObject({ code: 'REFUSED' });
});

test('weights to start from make a child; weights that are not there are an issue of the form', async () => {
  const { connect } = await served();
  const client = await connect();
  const parent = await client.runs.create(draftOf({ steps: 12 }, 'parent'));
  const from = { kind: 'run', run: parent.id, checkpoint: 'last', freezeEncoder: false } as const;
  const early = await client.setUp.resolve({ ...draftOf(), from });
  await untilState(client, parent.id, 'done');
  if (!early.config) expect(early.issues[0]).toMatchObject({ path: 'init' });
  const missing = await client.setUp.resolve({ ...draftOf(), from: { ...from, checkpoint: '999' } });
  expect(missing.issues).toEqual([
    expect.objectContaining({
      path: 'init',
      message: expect.stringMatching(/no checkpoint "999"/) as string,
    }),
  ]);

  const child = await client.runs.create({
    ...draftOf({ steps: 1 }, 'child'),
    from: { ...from, checkpoint: '5' },
  });
  expect(child.parent).toBe(parent.id);
  await untilState(client, child.id, 'done');
  const { config } = await client.runs.get({ run: child.id });
  expect(config.init?.checkpoint).toMatch(/step-000005\.safetensors$/);

  // A duplicate of the child starts from the same weights, and so has the same parent.
  const twin = await client.runs.create({ ...draftOf({}, 'twin'), base: { kind: 'run', run: child.id } });
  expect(twin.parent).toBe(parent.id);
});

test('weights of a file: chosen by a handle, looked into, and a run starts from them', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'resnet18.safetensors');
  writeFileSync(file, 'weights');
  writeFileSync(join(folder, 'encoder.onnx'), 'model');
  const { connect, app } = await served();
  const client = await connect();
  const { id: place } = app.registerPlace(file);
  expect(await client.setUp.inspectWeights({ place })).toEqual({
    place: { id: place, path: file, name: 'resnet18.safetensors' },
    architecture: 'ResNet-18',
    config: {
      backbone: { kind: 'resnet', depth: 18, stem: 'torchvision', width: 1 },
      data: { imageSize: 32, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    },
  });

  const from = { kind: 'file', place, freezeEncoder: true } as const;
  const draft = { ...draftOf({ steps: 1 }), from };
  expect(await client.setUp.resolve(draft)).toMatchObject({
    config: { init: { checkpoint: file, freezeEncoder: true } },
    issues: [],
    commandLine: `selvedge train quick --set options.steps=1 --from ${file} --freeze-encoder`,
  });
  const run = await client.runs.create(draft);
  expect(run.parent).toBeNull();
  await untilState(client, run.id, 'done');

  // No path can be named in a handle's place, and a handle of another file is no way in.
  for (const [other, reason] of [
    [file, /no longer known/],
    [app.registerPlace(join(folder, 'encoder.onnx')).id, /no safetensors file/],
    [app.registerPlace(join(folder, 'gone.safetensors')).id, /There is no file at/],
  ] as const) {
    const message = expect.stringMatching(reason) as string;
    expect(await refusalOf(client.setUp.inspectWeights({ place: other.slice(0, 100) }))).toMatchObject({
      code: 'REFUSED',
      message,
    });
    const { config, issues } = await client.setUp.resolve({
      ...draft,
      from: { ...from, place: other.slice(0, 100) },
    });
    expect(config).toBeNull();
    expect(issues).toEqual([expect.objectContaining({ path: 'init', message })]);
  }
});

test('a name that is taken is told while the form is filled in, and refused', async () => {
  const { connect } = await served();
  const client = await connect();
  const { id } = await client.runs.create(draftOf({ steps: 1 }, 'mine'));
  for (const taken of ['mine', ' mine ', id, 'last'])
    expect(await client.setUp.resolve(draftOf({}, taken)), taken).toMatchObject({
      config: { method: 'fake' },
      issues: [{ path: 'name', hint: 'Choose another name.' }],
    });
  for (const free of ['other', '', null])
    expect((await client.setUp.resolve(draftOf({}, free))).issues).toEqual([]);
  expect(await refusalOf(client.runs.create(draftOf({ steps: 1 }, 'mine')))).toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(/is taken by run/) as string,
  });
});

test('views and thumbnails are pictures that can be fetched', async () => {
  const folder = join(temporaryFolder(), 'birds');
  mkdirSync(folder);
  const { connect, get, app } = await served();
  const client = await connect();
  const { id, images, views } = await client.setUp.views({ draft: draftOf(), count: 3, round: 0 });
  expect(images.map(({ label }) => label)).toEqual(['cat', 'dog', 'cat']);
  expect(views).toHaveLength(2);
  for (const view of ['original', '0', '1']) {
    const response = await get(`/pictures/views/${id}/2/${view}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toMatch(/immutable/);
    expect((await response.bytes()).subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'));
  }
  for (const path of [`${id}/3/original`, `${id}/0/2`, 'none/0/original', `${id}/0/../../x`]) {
    expect((await get(`/pictures/views/${path}`)).status).toBe(404);
  }
  const added = await client.datasets.add({ place: app.registerPlace(folder).id });
  const thumbnail = await get(`/pictures/datasets/${added.id}/0?size=64`);
  expect(thumbnail.headers.get('content-type')).toBe('image/jpeg');
  expect(thumbnail.headers.get('cache-control')).not.toMatch(/immutable/);
  const versioned = await get(`/pictures/datasets/${added.id}/0?size=64&v=1`);
  expect(versioned.headers.get('cache-control')).toMatch(/immutable/);
  const ofCats = { dataset: added.id, label: 'cat' };
  expect(await client.datasets.images({ ...ofCats, offset: 1, count: 2 })).toEqual({
    indices: [2, 4],
    total: 4,
  });
  const noClass = { ...ofCats, label: 'cow', offset: 0, count: 1 };
  expect(await refusalOf(client.datasets.images(noClass))).toMatchObject({ code: 'REFUSED' });
  expect((await get(`/pictures/datasets/${added.id}/0?size=9999`)).status).toBe(400);
  expect((await get('/pictures/datasets/none/0')).status).toBe(404);
  expect((await get(`/pictures/datasets/${encodeURIComponent(folder)}/0`)).status).toBe(404);
});

test('an estimate says whether another run disturbed it, and a newer one takes its place', async () => {
  const { connect } = await served();
  const client = await connect();
  expect(await client.setUp.estimate(draftOf())).toMatchObject({ stepTime: 100, disturbed: false });
  const older = refusalOf(client.setUp.estimate(draftOf({ delay: 5000 })));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { id } = await client.runs.create(draftOf({ behaviour: 'wait' }));
  expect(await client.setUp.estimate(draftOf())).toMatchObject({ disturbed: true });
  expect(await older).toMatchObject({ code: 'REFUSED' });
  await client.runs.kill({ run: id });
});

test('settings are kept, told, and used by new runs', async () => {
  const library = join(temporaryFolder(), 'library');
  const { connect } = await served({ library });
  const [one, two] = [await connect(), await connect()];
  const heard = await follow(two);
  expect(await one.host.settings()).toMatchObject({ theme: 'system', device: 'auto', threads: 0 });
  await one.host.changeSettings({ theme: 'dark', device: 'cpu', threads: 3 });
  await until(() => heard.of('settings').length === 1);
  expect(await two.host.settings()).toMatchObject({ theme: 'dark', device: 'cpu', notifications: true });
  expect((await two.setUp.resolve(draftOf())).config).toMatchObject({ device: 'cpu', threads: 3 });
  expect(await refusalOf(one.host.changeSettings({ threads: -1 }))).toMatchObject({ code: 'BAD_REQUEST' });
});

test('devices come with their reasons', async () => {
  const { connect } = await served();
  const client = await connect();
  expect((await client.host.devices()).map(({ name, reason }) => [name, reason])).toEqual([
    ['cpu', 'Always there.'],
    ['cuda', 'No GPU.'],
  ]);
});

test('a studio that died is started again', async () => {
  const studio = new Studio(fakeRunner, temporaryFolder());
  await expect(studio.call('thumbnail', { path: 'crash', index: 0, size: 64 })).rejects.toThrow(
    /exit code 9/,
  );
  expect((await studio.call('catalogue', {})).presets).toHaveLength(1);
  await studio.close();
});

test('pictures that were not asked for the longest go first', () => {
  const kept = new Recent<string>(10);
  kept.put('a/1', 'a', 4);
  kept.put('b/1', 'b', 4);
  kept.get('a/1');
  kept.put('c/1', 'c', 4);
  expect([kept.get('a/1'), kept.get('b/1'), kept.get('c/1')]).toEqual(['a', undefined, 'c']);
  kept.put('big', 'd', 100);
  expect([kept.get('a/1'), kept.get('big')]).toEqual([undefined, 'd']);
  kept.put('a/1', 'x', 1);
  kept.forgetUnder('a/');
  expect(kept.get('a/1')).toBeUndefined();
});
