/** The bridge into the page, as narrow as it can be; src/shared/bridge.ts says what it is for. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { PORT_MESSAGE, type Bridge } from '../shared/bridge';
import { channels, type Answer } from '../shared/bridge-channels';
import { Inbox } from './inbox';

const commands = new Inbox();
const routes = new Inbox();
ipcRenderer.on(channels.command, (_event, action: string) => commands.take(action));
ipcRenderer.on(channels.go, (_event, path: string) => routes.take(path));
// A port cannot pass the bridge; a message of the window's can bring it. It stays in this window, whatever its origin.
ipcRenderer.on(channels.port, ({ ports }) => window.postMessage(PORT_MESSAGE, '*', ports));

async function ask<T>(channel: string, input?: unknown): Promise<T> {
  const answer = (await ipcRenderer.invoke(channel, input)) as Answer<T>;
  if (answer.ok) return answer.value;
  throw new Error(answer.problem);
}

const bridge: Bridge = {
  platform: process.platform,
  connect: () => ipcRenderer.send(channels.connect),
  chooseFolder: () => ask(channels.chooseFolder),
  chooseArchives: () => ask(channels.chooseArchives),
  dropped: (files) => {
    // Only a real file of this computer has a path: a page cannot make one up.
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return paths.length === 0 ? Promise.resolve([]) : ask(channels.dropped, paths);
  },
  save: (url) => ask(channels.save, url),
  onCommand: (listener) => commands.listen(listener),
  onGo: (listener) => routes.listen(listener),
};
contextBridge.exposeInMainWorld('selvedge', bridge);
