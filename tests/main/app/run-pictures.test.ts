import { expect, test } from 'vitest';
import { pictureUrl } from '../../../src/shared/api/files';
import { draftOf, follow, served, until, untilState } from './support';

test('pictures that a run makes are told, listed and fetched by run, step and place', async () => {
  const { connect, get } = await served();
  const client = await connect();
  const heard = await follow(client);
  const { id } = await client.runs.create(draftOf({ steps: 1, pictures: true }));
  await untilState(client, id, 'done');
  const made = [{ step: 0, captions: ['what it sees', 'original'] }];
  await until(() => heard.of('pictures').length === 1);
  expect(heard.of('pictures')[0]).toMatchObject({ run: id, pictures: made });
  expect((await client.runs.get({ run: id })).pictures).toEqual(made);

  const response = await get(pictureUrl(id, 0, 1));
  expect(response.headers.get('content-type')).toBe('image/png');
  expect((await response.bytes()).subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'));
  for (const path of [`${id}/0/2`, `${id}/1/0`, `none/0/0`, `${id}/0/..%2f..%2fconfig.json`])
    expect((await get(`/pictures/runs/${path}`)).status).toBe(404);
});

test('a run without pictures lists none', async () => {
  const { connect } = await served();
  const client = await connect();
  const { id } = await client.runs.create(draftOf({ steps: 1 }));
  await untilState(client, id, 'done');
  expect((await client.runs.get({ run: id })).pictures).toEqual([]);
});
