/** Draws the pictures that desktops want as PNG from resources/icon.svg: node scripts/make-icons.mjs */
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './tool.mjs';

/** Sides in px. A tray's "@2x" is found by Electron itself. */
const icons = { 'icon.png': 512, 'tray.png': 24, 'tray@2x.png': 48 };

const source = join(root, 'resources/icon.svg');
for (const [name, side] of Object.entries(icons)) {
  await sharp(source, { density: (72 * side) / 64 })
    .resize(side, side)
    .png({ compressionLevel: 9, palette: true })
    .toFile(join(root, 'resources', name));
}
