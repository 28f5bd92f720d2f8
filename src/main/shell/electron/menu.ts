/** The application menu, made from one table. Items of ours name an action of the page by its id. */
import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron';
import { docsFolder } from './resources';

export interface MenuTargets {
  /** Has the page run an action; first it goes to `route`, where only that page has it. */
  command: (action: string, route?: string) => void;
  openLibraryFolder: () => void;
}

export function setMenu(targets: MenuTargets): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(targets, process.platform, app.isPackaged)));
}

type Items = MenuItemConstructorOptions[];
const separator: MenuItemConstructorOptions = { type: 'separator' };

export function menuTemplate(
  { command, openLibraryFolder }: MenuTargets,
  platform: NodeJS.Platform,
  isPackaged: boolean,
): Items {
  const isMac = platform === 'darwin';
  const action = (
    label: string,
    id: string,
    accelerator?: string,
    route?: string,
  ): MenuItemConstructorOptions => ({
    label,
    id,
    ...(accelerator ? { accelerator } : {}),
    click: () => command(id, route),
  });
  const settings = action('Settings…', 'go.settings', 'CmdOrCtrl+,');

  const appMenu: Items = [
    { role: 'about' },
    separator,
    settings,
    separator,
    { role: 'services' },
    separator,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    separator,
    { role: 'quit' },
  ];
  const file: Items = [
    action('New Run', 'go.new', 'CmdOrCtrl+N'),
    action('Add Folder…', 'data.add', 'CmdOrCtrl+O', '/data'),
    action('Add Archive…', 'data.add-archive', undefined, '/data'),
    separator,
    action('Export Table of Runs…', 'runs.export', undefined, '/runs'),
    separator,
    ...(isMac ? [{ role: 'close' } as const] : [settings, separator, { role: 'quit' } as const]),
  ];
  const view: Items = [
    action('Runs', 'go.runs', 'CmdOrCtrl+1'),
    action('Data', 'go.data', 'CmdOrCtrl+2'),
    action('Explore', 'go.explore', 'CmdOrCtrl+3'),
    action('Experiments', 'go.experiments', 'CmdOrCtrl+4'),
    action('Command Palette…', 'app.palette', 'CmdOrCtrl+K'),
    separator,
    { role: 'reload' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(isPackaged ? [] : [separator, { role: 'toggleDevTools' } as const]),
  ];
  // Of the run whose page is shown.
  const run: Items = [
    action('Pause or Go On', 'run.pause'),
    action('Stop with a Checkpoint', 'run.stop', 'CmdOrCtrl+.'),
    action('Resume', 'run.resume'),
    separator,
    action('Export Encoder as ONNX…', 'run.export-onnx', 'CmdOrCtrl+E'),
    action('Export Encoder as Safetensors…', 'run.export-safetensors'),
    action('Export Points as CSV…', 'run.export-points'),
  ];
  const help: Items = [
    action('Keyboard Shortcuts', 'app.keys', 'F1'),
    { label: 'Documentation', id: 'documentation', click: () => void shell.openPath(docsFolder()) },
    separator,
    { label: 'Open Library Folder', id: 'library-folder', click: () => openLibraryFolder() },
    ...(isMac ? [] : [separator, { role: 'about' } as const]),
  ];
  return [
    ...(isMac ? [{ label: app.name, submenu: appMenu }] : []),
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { label: '&Run', submenu: run },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: help },
  ];
}
