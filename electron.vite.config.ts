/** The build: main, runner and preload with electron-vite, the renderer with Svelte. Everything lands in out/. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);

/** One file for each process that starts on its own; the key is its place under out/. */
const nodeEntries = {
  'main/electron': source('main/shell/electron/index.ts'),
  'main/headless': source('main/shell/headless/index.ts'),
  'main/cli': source('main/cli/index.ts'),
  'runner/index': source('runner/index.ts'),
  'runner/decode-worker': source('data/decode-worker.ts'),
};

/**
 * tfjs ships ESM with extensionless imports, which Node cannot load, and CommonJS without gradients: both are
 * bundled. Every other dependency stays where npm put it, the native ones because they must.
 */
const bundled = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'];

/** That a busy machine takes long to build is no warning about the code. */
const checks = { bundlerTimings: false };

/** Code of these rooms runs in children, and finds its neighbours (the decode worker) in its own folder. */
const isRunnerCode = (id: string) => /[\\/](src[\\/](data|engine|learning|runner)|@tensorflow)[\\/]/.test(id);

export default defineConfig({
  main: {
    build: {
      outDir: 'out',
      target: 'node24',
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      externalizeDeps: { exclude: bundled },
      rolldownOptions: {
        input: nodeEntries,
        checks,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: ({ moduleIds }) =>
            moduleIds.some(isRunnerCode) ? 'runner/[name]-[hash].js' : 'main/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      reportCompressedSize: false,
      rolldownOptions: {
        input: source('preload/index.ts'),
        // A sandboxed preload is loaded with require, whatever the package's type says.
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') })],
    build: {
      // electron-vite's own table ends before this Electron; the same pages also run in any current browser.
      target: 'es2024',
      minify: true,
      // The pages' Content-Security-Policy refuses fonts in data: URLs.
      assetsInlineLimit: 0,
      // kB. One file on purpose: it comes from the same machine, and a split would delay each page's first opening.
      chunkSizeWarningLimit: 800,
      reportCompressedSize: false,
      rolldownOptions: { input: source('renderer/index.html'), checks },
    },
  },
});
