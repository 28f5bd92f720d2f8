/** Everything without a mouse: from the runs to the palette, a new run, its page, and back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { databasePath } from '../../../src/main/library';
import { openStore } from '../../../src/main/store/store';
import { temporaryFolder, tinyConfig, writeImages } from '../../runner/fixtures';
import { noBrowser, openPage, SLOW, startHost, until, useBrowser } from './support';

const browser = useBrowser();

it.skipIf(noBrowser)('sets up, watches and stops a run by keys alone', { timeout: 400_000 }, async () => {
  const folder = await temporaryFolder();
  const images = await writeImages(join(folder, 'images'), 16);
  const library = join(folder, 'library');
  mkdirSync(library);
  const store = openStore(databasePath(library), 'own');
  const first = store.runs.create(tinyConfig(images, { epochs: 1 }), { name: 'first' });
  store.runs.end(first.id, { status: 'done', exitCode: 0, exitSignal: null, failure: null, hint: null });
  store.close();
  const host = await startHost(library, [folder]);
  const page = await openPage(browser(), host.url);
  await page.getByRole('link', { name: 'first' }).waitFor();
  const hash = () => new URL(page.url()).hash;
  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

  // The sheet says what the keys do, and goes away.
  await press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await sheet.getByText('Compare the selected runs').waitFor();
  await press('Escape');
  await sheet.waitFor({ state: 'hidden' });

  // A run is opened, and left again.
  await press('j', 'Enter');
  await until(() => expect(hash()).toBe(`#/runs/${first.id}`));
  await page.getByText('Done', { exact: true }).waitFor();
  await press('Escape');
  await until(() => expect(hash()).toMatch(/^#\/runs$/));

  // The palette finds what to do.
  await page.getByRole('link', { name: 'first' }).waitFor();
  await press('j', 'Control+k');
  const palette = page.getByRole('combobox', { name: 'What to do, or which run to open' });
  await palette.waitFor();
  await page.keyboard.type('duplicate the run');
  await page.getByRole('option', { name: /Duplicate the run with changes/ }).waitFor();
  await press('Enter');
  await until(() => expect(hash()).toBe(`#/new?run=${first.id}`));

  // The form is reached and filled with Tab and typing, and sent from within a field.
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.waitFor();
  for (let tabs = 0; !(await name.evaluate((input) => input === document.activeElement)); tabs++) {
    expect(tabs, 'Tab does not reach the name').toBeLessThan(80);
    await press('Tab');
  }
  await page.keyboard.type('by keys');
  await press('Control+Enter');
  await until(() => expect(hash()).toMatch(/^#\/runs\/(?!.*\bnew\b)./));
  await page.getByRole('heading', { name: 'by keys' }).waitFor();
  await page.getByText('Done', { exact: true }).waitFor({ timeout: SLOW });

  // Around and back with the two-key jumps, then to the new run through the filter.
  for (const [keys, to] of [
    ['g d', '#/data'],
    ['g x', '#/experiments'],
    ['g s', '#/settings'],
    ['g n', '#/new'],
    ['g r', '#/runs'],
  ] as const) {
    await press(...keys.split(' '));
    await until(() => expect(hash().split('?')[0]).toBe(to));
  }
  await page.getByRole('link', { name: 'by keys' }).waitFor();
  await press('/');
  await page.keyboard.type('by keys');
  await press('Enter', 'Enter');
  await page.getByRole('heading', { name: 'by keys' }).waitFor();

  // Who looks elsewhere while setting up a run finds the form as it was; a run that was made of it leaves a fresh one.
  await press('g', 'n');
  await name.waitFor();
  const epochs = page.getByRole('textbox', { name: 'Epochs', exact: true });
  await epochs.fill('3');
  await name.fill('half set up');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await press('g', 'd');
  await page.getByRole('heading', { name: 'Data' }).waitFor();
  await press('g', 'n');
  await page.getByText('As you left it, with what you had changed.').waitFor();
  expect([await name.inputValue(), await epochs.inputValue()]).toEqual(['half set up', '3']);
  await page.getByRole('button', { name: 'Start over' }).click();
  await until(async () => expect(await name.inputValue()).toBe(''));
});
