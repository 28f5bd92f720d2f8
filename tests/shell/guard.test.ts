/** src/main/shell/headless/guard.ts */
import { expect, test } from 'vitest';
import { judge, type Caller } from '../../src/main/shell/headless/guard';

const gate = { port: 4000, token: 'the-token' };
const stranger: Caller = {
  host: '127.0.0.1:4000',
  origin: undefined,
  cookie: undefined,
  authorization: undefined,
  queryToken: null,
};
const known: Caller = { ...stranger, cookie: 'other=1; selvedge-4000=the-token' };

const verdict = (caller: Caller) => {
  const result = judge(caller, gate);
  return result.kind === 'refused' ? result.status : result.kind;
};

test('the token opens, from a cookie, a header or the address', () => {
  expect(verdict(known)).toBe('allowed');
  expect(verdict({ ...stranger, authorization: 'Bearer the-token' })).toBe('allowed');
  expect(verdict({ ...stranger, queryToken: 'the-token' })).toBe('welcome');
  expect(verdict({ ...known, host: 'localhost:4000', origin: 'http://localhost:4000' })).toBe('allowed');
});

test.each<[string, Partial<Caller>]>([
  ['no token', {}],
  ['a wrong token', { queryToken: 'the-tokem' }],
  ['a shorter token', { authorization: 'Bearer the' }],
  ['an empty token', { queryToken: '' }],
  ["another server's cookie", { cookie: 'selvedge-4001=the-token' }],
])('%s is refused', (_name, caller) => {
  expect(verdict({ ...stranger, ...caller })).toBe(401);
});

test.each<[string, Partial<Caller>]>([
  ['no Host', { host: undefined }],
  ['a foreign Host, as a rebound DNS name has it', { host: 'evil.example:4000' }],
  ['another port in Host', { host: '127.0.0.1:80' }],
  ['a foreign Origin', { origin: 'http://evil.example' }],
  ['the Origin of a sandboxed page', { origin: 'null' }],
  ['another port in Origin', { origin: 'http://127.0.0.1:4001' }],
  ['https in Origin', { origin: 'https://127.0.0.1:4000' }],
])('%s is refused even with the token', (_name, caller) => {
  expect(verdict({ ...known, ...caller })).toBe(403);
});
