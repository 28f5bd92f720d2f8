/** The host's side of the bridge (src/shared/bridge.ts): dialogs, drops, saving, and the port. */
import { app, BrowserWindow, dialog, type OpenDialogOptions, type WebContents } from 'electron';
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import type { Place } from '../../../shared/api/datasets';
import { channels } from '../../../shared/bridge-channels';
import type { App } from '../../app/app';
import type { Log } from './log';
import type { PagePorts } from './ports';
import { saveAs } from './save';
import { answer, hear } from './senders';

const nothing = z.undefined();
/** Longer ones exist on no platform. */
const pathSchema = z.string().max(32_767).refine(isAbsolute, 'not an absolute path');
const pathsSchema = z.array(pathSchema).min(1).max(1000);
/** Only what the host serves as a file, see src/shared/api/files.ts. */
const fileUrlSchema = z
  .string()
  .max(100_000)
  .regex(/^\/(exports|data)\//, 'not a file of the host');

export function openBridge(host: App, ports: PagePorts, log: Log): void {
  const placesOf = (paths: readonly string[]): Promise<Place[]> =>
    Promise.all(paths.map(async (path) => host.registerPlace(path)));

  hear(channels.connect, (_event, frame) => ports.connect(frame), log);

  answer(
    channels.chooseFolder,
    nothing,
    async (_input, { sender }) => {
      const paths = await choose(sender, {
        title: 'Add a folder of images',
        buttonLabel: 'Add folder',
        properties: ['openDirectory'],
      });
      return paths.length === 0 ? null : host.registerPlace(paths[0]);
    },
    log,
  );

  answer(
    channels.chooseArchives,
    nothing,
    async (_input, { sender }) => {
      const paths = await choose(sender, {
        title: 'Add archives of images',
        buttonLabel: 'Add',
        properties: ['openFile', 'multiSelections'],
        filters: [
          { name: 'Archives of images', extensions: ['zip', 'tar', 'gz', 'tgz'] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      return placesOf(paths);
    },
    log,
  );

  answer(channels.dropped, pathsSchema, placesOf, log);

  answer(
    channels.save,
    fileUrlSchema,
    (url, { sender }) =>
      saveAs(
        (request) => host.fetch(request),
        url,
        async (name) => {
          const options = { title: 'Save', defaultPath: `${app.getPath('downloads')}/${name}` };
          const window = BrowserWindow.fromWebContents(sender);
          const { canceled, filePath } = await (window
            ? dialog.showSaveDialog(window, options)
            : dialog.showSaveDialog(options));
          return canceled || filePath === '' ? null : filePath;
        },
      ),
    log,
  );
}

async function choose(sender: WebContents, options: OpenDialogOptions): Promise<string[]> {
  const window = BrowserWindow.fromWebContents(sender);
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? [] : filePaths;
}
