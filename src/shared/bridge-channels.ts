/** Names of the messages between Electron's preload and its main process; pages never see them. */
export const channels = {
  /** Page to host. */
  connect: 'selvedge:connect',
  chooseFolder: 'selvedge:choose-folder',
  chooseArchives: 'selvedge:choose-archives',
  dropped: 'selvedge:dropped',
  save: 'selvedge:save',
  /** Host to page. */
  port: 'selvedge:port',
  command: 'selvedge:command',
  go: 'selvedge:go',
} as const;

/** How the host answers a request of the preload: errors lose their kind on the way, so a refusal is a value. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: string };
