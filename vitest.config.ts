import { defineConfig } from 'vitest/config';
import { tfjsAlias, tfjsBundled } from './tfjs.vite';

export default defineConfig({
  resolve: { alias: tfjsAlias },
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    server: { deps: { inline: [tfjsBundled] } },
  },
});
