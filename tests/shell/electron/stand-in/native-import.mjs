/** Imports by Node itself, past the test runner's own module system. */
export const nativeImport = (url) => import(url);
