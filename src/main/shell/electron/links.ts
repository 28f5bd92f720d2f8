/** Links that may be opened in the user's browser: nothing of ours leads anywhere else. */

/** Papers, code and the homes of the data sets. */
const HOSTS: ReadonlySet<string> = new Set(['arxiv.org', 'github.com', 'www.cs.toronto.edu', 'numpy.org']);

/** Only https, only by name, and without a user name that could disguise the host. */
export function isAllowedLink(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    HOSTS.has(url.hostname)
  );
}
