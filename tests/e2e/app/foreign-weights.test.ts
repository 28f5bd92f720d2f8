/** A run that starts from a file of weights from elsewhere: chosen in the form, and told on the page of the run. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createEncoder, initialWeights } from '../../../src/learning';
import { toSafeTensor } from '../../../src/runner/checkpoint';
import { writeTensorFile } from '../../../src/runner/tensor-file';
import { temporaryFolder } from '../../runner/fixtures';
import { noBrowser, openPage, SLOW, startHost, until, useBrowser } from './support';

const browser = useBrowser();

/** A narrow ResNet-18 with a classifier, under torchvision's names. */
async function writeWeights(path: string): Promise<void> {
  const backbone = { kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 } as const;
  const weights = initialWeights({ encoder: createEncoder(backbone, 32).parameters }, 1);
  const bare = Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [name.replace(/^encoder\//, ''), toSafeTensor(tensor)]),
  );
  const classifier = { 'fc.bias': { dtype: 'F32', shape: [10], data: new Float32Array(10) } } as const;
  await writeTensorFile(path, { ...bare, ...classifier });
}

it.skipIf(noBrowser)('starts from a file, which says what encoder it is', { timeout: 400_000 }, async () => {
  const folder = await temporaryFolder();
  const weights = join(folder, 'resnet18.safetensors');
  await writeWeights(weights);
  await writeFile(join(folder, 'broken.safetensors'), 'no weights');
  const host = await startHost(join(folder, 'library'), [folder]);
  const page = await openPage(browser(), host.url, '#/new');

  await page.getByLabel('Weights to start from').selectOption({ label: 'A file…' });
  const path = page.getByLabel('Path of the weights file');
  await path.fill(join(folder, 'broken.safetensors'));
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'broken.safetensors' }).waitFor({ timeout: SLOW });
  expect(await path.getAttribute('aria-invalid')).toBe('true');

  await path.fill(weights);
  await path.press('Enter');
  await page.getByText('ResNet-18 x 0.125, 32 px: backbone', { exact: false }).waitFor({ timeout: SLOW });
  expect(await page.getByLabel('Image size', { exact: true }).inputValue()).toBe('32');
  await page.getByText(`--from ${weights}`, { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Train', exact: true }).click();

  const about = page.getByRole('complementary', { name: 'About the run' });
  await about.getByText(/^History/).click();
  const tensors = about.locator('summary', { hasText: /^Tensors/ });
  await tensors.waitFor({ timeout: SLOW });
  expect(await tensors.textContent()).toMatch(/\d+ tensors loaded, 1 skipped/);
  await tensors.click();
  const table = page.getByRole('table', { name: 'Tensors of the weights that it started from' });
  expect(await table.getByRole('row').nth(1).textContent()).toMatch(/fc\.bias\s*\[10\]\s*skipped/);
  await about.getByRole('button', { name: /^Show all \d+ tensors$/ }).click();
  await until(async () => expect(await table.getByRole('row').count()).toBeGreaterThan(20));
});
