import { defineConfig } from 'vitest/config';

/** tfjs ships ESM with extensionless imports, which Node alone cannot load: Vite bundles it, as the build does. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    server: { deps: { inline: [/@tensorflow\/tfjs-(core|backend-cpu)/] } },
  },
});
