/** The bridge into the page, as narrow as it can be: which shell this is. Everything else goes through app://. */
import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('selvedge', { shell: 'electron', platform: process.platform });
