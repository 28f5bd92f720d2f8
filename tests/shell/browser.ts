/** A Chromium from npm for tests of pages: no download, no system packages. */
import chromium, { inflate } from '@sparticuz/chromium';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { chromium as playwright, type Browser } from 'playwright-core';

const require = createRequire(import.meta.url);
const cache = resolve('node_modules/.cache');

/** The package's own names a fixed folder. Without any font, text is invisible until web fonts have loaded. */
const fontsConfig = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir>${folder}/cache</cachedir>
</fontconfig>
`;

/** Why there is no browser on this machine, or undefined where there is one. */
export const noBrowser =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `the Chromium of the tests is built for x64 Linux, and this is ${process.platform} ${process.arch}`;

export async function launchBrowser(): Promise<Browser> {
  const folder = await unpack();
  return playwright.launch({
    executablePath: join(folder, 'chromium'),
    args: [
      '--no-sandbox',
      // As a browser draws where there is no GPU: pages by itself, WebGL by SwiftShader.
      '--disable-gpu',
      '--enable-unsafe-swiftshader',
      '--font-render-hinting=none',
      '--disable-background-networking',
      '--disable-component-update',
    ],
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(folder, 'fonts'),
      // Bare machines lack libnss3 and libnspr4; the package brings them.
      LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    },
  });
}

/** Unpacks it once; moved into place when complete, since test files run side by side. */
async function unpack(): Promise<string> {
  const packageFolder = dirname(dirname(require.resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, 'chromium-partial-'));
  // The package unpacks into the temporary folder, wherever that is.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = partial;
  try {
    await chromium.executablePath();
    await inflate(join(packageFolder, 'bin/al2023.tar.br'));
    writeFileSync(join(partial, 'fonts/fonts.conf'), fontsConfig(join(folder, 'fonts')));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(partial, folder);
  } catch {
    // Another test file was first.
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
