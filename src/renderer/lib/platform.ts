/** Which keyboard lies before the user. */

export const isMac =
  /mac/i.test(globalThis.window?.selvedge?.platform ?? globalThis.navigator?.userAgent ?? '') ||
  globalThis.window?.selvedge?.platform === 'darwin';
