/**
 * Imported before uPlot, which makes a number format from the browser's language as it loads and throws on one that
 * is no language tag, as "en-US@posix" is where the locale is POSIX.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
