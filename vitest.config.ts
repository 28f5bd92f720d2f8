/** Tests: `unit` mirrors src/, `e2e` starts the built programs and plays user stories in a browser. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { tfjsAlias, tfjsBundled } from './tfjs.vite.ts';

const server = { deps: { inline: [tfjsBundled] } };

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: tfjsAlias },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**'],
          testTimeout: 30_000,
          server,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          // Each starts training processes of its own that take every core.
          fileParallelism: false,
          server,
        },
      },
    ],
  },
});
