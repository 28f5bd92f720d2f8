/** .dependency-cruiser.cjs: each rule is broken once, in a small house of its own, and each break is reported. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

/** What each file imports. Every line but the last few breaks one rule. */
const house: Record<string, string[]> = {
  'src/shared/a.ts': ['../data/ok'],
  'src/engine/a.ts': ['../learning/ok'],
  'src/learning/a.ts': ['../runner/ok'],
  'src/data/a.ts': ['../main/ok'],
  'src/runner/a.ts': ['../main/ok'],
  'src/main/a.ts': ['../engine/ok'],
  'src/preload/a.ts': ['../main/ok'],
  'src/renderer/a.ts': ['../main/ok'],

  'src/main/cli/electron.ts': ['electron'],
  'src/main/cli/sqlite.ts': ['better-sqlite3'],
  'src/runner/onnx.ts': ['onnxruntime-node'],
  'src/learning/gpu.ts': ['@tensorflow/tfjs-node-gpu'],
  'src/runner/core.ts': ['@tensorflow/tfjs-core'],
  'src/learning/cpu.ts': ['@tensorflow/tfjs-backend-cpu/dist/base'],

  'src/shared/circle-a.ts': ['./circle-b'],
  'src/shared/circle-b.ts': ['./circle-a'],
  'src/shared/orphan.ts': [],

  // As it should be.
  'src/data/ok.ts': ['../shared/ok'],
  'src/learning/ok.ts': ['../engine/ok', '@tensorflow/tfjs-core'],
  'src/engine/ok.ts': ['../shared/ok', './onnxruntime', '@tensorflow/tfjs-backend-cpu'],
  'src/engine/onnxruntime.ts': ['onnxruntime-node'],
  'src/runner/ok.ts': ['../learning/ok', '../data/ok', '../engine/ok'],
  'src/main/ok.ts': ['../shared/ok', '../data/ok'],
  'src/main/store/ok.ts': ['better-sqlite3', '../../shared/ok'],
  'src/main/shell/electron/index.ts': ['electron', '../../store/ok'],
  'src/shared/ok.ts': ['zod'],
};

const reportSchema = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

let folder: string;
let broken: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-boundaries-'));
  for (const [file, imports] of Object.entries(house)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    const lines = imports.map(
      (path, index) => `import * as m${index} from '${path}';\nconsole.log(m${index});\n`,
    );
    writeFileSync(join(folder, file), `${lines.join('')}export {};\n`);
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{"compilerOptions":{"moduleResolution":"Bundler","module":"ESNext"}}',
  );
  const config = resolve('.dependency-cruiser.cjs');
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--config', config, '--output-type', 'json', 'src'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
  );
  if (!stdout) throw new Error(stderr);
  const { violations } = reportSchema.parse(JSON.parse(stdout)).summary;
  broken = violations.map(({ from, rule }) => `${rule.name}: ${from}`).sort();
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['room-shared', 'src/shared/a.ts'],
  ['room-engine', 'src/engine/a.ts'],
  ['room-learning', 'src/learning/a.ts'],
  ['room-data', 'src/data/a.ts'],
  ['room-runner', 'src/runner/a.ts'],
  ['room-main', 'src/main/a.ts'],
  ['room-preload', 'src/preload/a.ts'],
  ['room-renderer', 'src/renderer/a.ts'],
  ['keeper-electron', 'src/main/cli/electron.ts'],
  ['keeper-better-sqlite3', 'src/main/cli/sqlite.ts'],
  ['keeper-onnxruntime-node', 'src/runner/onnx.ts'],
  ['keeper-@tensorflow/tfjs-node-gpu', 'src/learning/gpu.ts'],
  ['keeper-@tensorflow/tfjs-core', 'src/runner/core.ts'],
  ['keeper-@tensorflow/tfjs-backend-cpu', 'src/learning/cpu.ts'],
  ['no-circular', 'src/shared/circle-a.ts'],
  ['no-orphans', 'src/shared/orphan.ts'],
])('%s is reported', (rule, file) => {
  expect(broken).toContain(`${rule}: ${file}`);
});

test('a house in order is left in peace', () => {
  expect(broken.filter((line) => /\/(ok|index|onnxruntime)\.ts$/.test(line))).toEqual([]);
});
