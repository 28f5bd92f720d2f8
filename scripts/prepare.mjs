/**
 * npm runs this after `npm ci`, and once more when `npx selvedge` is first used in this folder: builds what is
 * older than its sources, so that the second time costs nothing.
 */
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, toolPath } from './tool.mjs';

const sources = [
  'src/**/*',
  'electron.vite.config.ts',
  'svelte.config.js',
  'tsconfig.json',
  'package-lock.json',
];
const results = [
  'out/main/cli.js',
  'out/runner/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];

const changed = (path) => statSync(join(root, path)).mtimeMs;

function isBuilt() {
  if (!results.every((path) => existsSync(join(root, path)))) return false;
  const oldestResult = Math.min(...results.map(changed));
  return globSync(sources, { cwd: root }).every((path) => changed(path) <= oldestResult);
}

if (!existsSync(join(root, 'node_modules/electron-vite'))) {
  console.log('Not built: the development packages are not installed.');
} else if (!isBuilt()) {
  const { code } = await run([toolPath('electron-vite'), 'build', '--logLevel', 'warn'], { inherit: true });
  process.exitCode = code;
}
