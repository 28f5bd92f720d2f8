/** What a person does on their machine is reported to nobody: onnxruntime would, see src/engine/onnxruntime.ts. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, tinyConfig, writeImages } from '../runner/fixtures';
import { selvedge, writeConfig } from './support';

it('finds devices and trains without leaving an identifier or a queue of reports in the home folder', async () => {
  const folder = await temporaryFolder();
  const [home, temporary] = [join(folder, 'home'), join(folder, 'temporary')];
  await Promise.all([home, temporary].map((path) => mkdir(path)));
  const images = await writeImages(join(folder, 'images'), 16);
  const config = await writeConfig(folder, tinyConfig(images));
  // In continuous integration onnxruntime keeps quiet by itself.
  const env = {
    ...{ HOME: home, USERPROFILE: home, LOCALAPPDATA: home, XDG_CACHE_HOME: undefined },
    ...{
      TMPDIR: temporary,
      TMP: temporary,
      TEMP: temporary,
      CI: undefined,
      ORT_DISABLE_TELEMETRY: undefined,
    },
  };
  for (const args of [['devices'], ['train', config]]) {
    const { code, stderr } = await selvedge(join(folder, 'library'), args, undefined, env);
    expect(code, stderr).toBe(0);
  }
  const left = await Promise.all([home, temporary].map((path) => readdir(path, { recursive: true })));
  expect(left.flat()).toEqual([]);
});
