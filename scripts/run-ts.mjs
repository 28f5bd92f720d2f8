/**
 * Runs a TypeScript program of this repository under Node 24:
 *
 *   node scripts/run-ts.mjs <file.ts> [arguments]
 *
 * It is bundled as the build does it (tfjs inlined, everything else from node_modules) into a folder inside
 * node_modules, so that native packages are found.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { environment, node, root } from './tool.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file || !existsSync(file)) {
  console.error(
    file ? `${resolve(file)} does not exist.` : 'usage: node scripts/run-ts.mjs <file.ts> [arguments]',
  );
  process.exit(2);
}

if (!process.version.startsWith('v24.') && node !== process.execPath) {
  // The bundler itself wants the newer Node.
  const again = spawn(node, [process.argv[1], ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environment,
  });
  again.on('exit', (code) => process.exit(code ?? 1));
} else {
  const cache = join(root, 'node_modules/.cache/run-ts');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, `${basename(file, '.ts')}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^@tensorflow\/tfjs-(core|backend-cpu)/] },
    build: {
      ssr: resolve(file),
      outDir: folder,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'program.mjs' } },
    },
  });
  // In a process of its own: the bundler's memory and threads are not the program's.
  const program = spawn(node, ['--enable-source-maps', join(folder, 'program.mjs'), ...args], {
    stdio: 'inherit',
    env: environment,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => program.kill(signal));
  const code = await new Promise((ended) => program.on('close', (status) => ended(status ?? 1)));
  process.exitCode = code;
}
