/** src/main/shell/headless/open-browser.ts */
import { expect, test } from 'vitest';
import { opener } from '../../src/main/shell/headless/open-browser';

test('each platform has its own way', () => {
  const url = 'http://127.0.0.1:4000/?token=a&b';
  expect(opener(url, 'linux')).toEqual(['xdg-open', [url]]);
  expect(opener(url, 'darwin')).toEqual(['open', [url]]);
  expect(opener(url, 'win32')).toEqual(['cmd', ['/c', 'start', '""', 'http://127.0.0.1:4000/?token=a^&b']]);
});
