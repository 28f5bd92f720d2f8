/**
 * Every check and every test, in one command with one closing line.
 *
 *   npm test                 all of it
 *   npm run check            types, lint, format, boundaries, unused code and the build; no tests
 *
 * Each check counts as one test. Checks run two at a time, the tests after them and alone, since some take every
 * core.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, toolPath } from './tool.mjs';

const checksOnly = process.argv.includes('--checks');

/** Slowest first, so that two lanes end together. */
const checks = [
  { name: 'lint (eslint)', args: [toolPath('eslint'), '--max-warnings=0', '.'] },
  { name: 'types of TypeScript (tsc)', args: [toolPath('typescript', 'tsc'), '--noEmit'] },
  {
    name: 'types of Svelte (svelte-check)',
    args: [
      toolPath('svelte-check'),
      '--workspace',
      'src/renderer',
      '--tsconfig',
      './tsconfig.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
  },
  { name: 'format (prettier)', args: [toolPath('prettier'), '--check', '--log-level', 'warn', '.'] },
  {
    name: 'boundaries (dependency-cruiser)',
    args: [toolPath('dependency-cruiser', 'depcruise'), '--output-type', 'err-long', 'src'],
  },
  { name: 'unused code (knip)', args: [toolPath('knip'), '--no-progress'] },
  { name: 'build (electron-vite)', args: [toolPath('electron-vite'), 'build', '--logLevel', 'warn'] },
];

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs one check and prints it; its output only where it failed. */
async function runCheck({ name, args }) {
  const start = performance.now();
  const { code, output } = await run(args);
  if (code === 0) {
    total.passed++;
    console.log(`ok      ${name}  ${seconds(start)}`);
  } else {
    total.failed++;
    failures.push(name);
    console.log(`FAILED  ${name}  ${seconds(start)}\n${output.trimEnd()}\n`);
  }
}

/** Runs one vitest project; its reporter leaves the counts in a file. */
async function runTests(project) {
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-test-'));
  const file = join(folder, 'summary.json');
  const reporter = join(root, 'scripts/summary-reporter.mjs');
  const { code } = await run(
    [
      toolPath('vitest'),
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      `--reporter=${reporter}`,
    ],
    { inherit: true, env: { SELVEDGE_TEST_SUMMARY: file } },
  );
  let summary;
  try {
    summary = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    summary = { passed: 0, failed: [], skipped: [] };
  }
  rmSync(folder, { recursive: true, force: true });
  // vitest can also fail outside of any test.
  if (code !== 0 && summary.failed.length === 0) summary.failed.push(`vitest ended with code ${code}`);
  total.passed += summary.passed;
  total.failed += summary.failed.length;
  total.skipped += summary.skipped.length;
  failures.push(...summary.failed.map((name) => `${project}: ${name}`));
  skips.push(...summary.skipped);
  console.log(`${summary.failed.length ? 'FAILED ' : 'ok     '} ${project} tests  ${seconds(start)}\n`);
}

const queue = [...checks];
const lane = async () => {
  for (let check = queue.shift(); check; check = queue.shift()) await runCheck(check);
};
await Promise.all([lane(), lane()]);
if (!checksOnly) {
  await runTests('unit');
  await runTests('e2e');
}

for (const { name, reason } of skips) console.log(`skipped: ${name}\n         ${reason}`);
for (const name of failures) console.log(`failed: ${name}`);
console.log(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
