/**
 * How Vite must load tfjs, shared by the build, the tests and the benchmarks: its ESM entry, and one instance.
 * Its CommonJS entry has no gradients registered, and a mix of both would make two of everything.
 */
import { fileURLToPath } from 'node:url';

export const tfjsAlias = ['core', 'backend-cpu'].map((name) => ({
  find: new RegExp(`^@tensorflow/tfjs-${name}$`),
  replacement: fileURLToPath(new URL(`node_modules/@tensorflow/tfjs-${name}/dist/index.js`, import.meta.url)),
}));

/** Packages that are bundled: Node cannot load their extensionless imports. */
export const tfjsBundled = /@tensorflow\/tfjs-(core|backend-cpu)/;
