/**
 * A GPU in software, so that the WebGPU provider can be tested on any Linux: SwiftShader's Vulkan driver, out of the
 * Chromium that the tests install from npm, under the name by which Dawn looks for the Vulkan loader.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { extract } from 'tar-stream';

/** Why it cannot be used here, or null. */
export const noSwiftShader: string | null =
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : `SwiftShader comes from npm for Linux on x64 only, not for ${process.platform} on ${process.arch}`;

/** The environment in which child processes find the GPU. */
export async function swiftShaderEnvironment(): Promise<NodeJS.ProcessEnv> {
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
  const folder = join(modules, '.cache/swiftshader');
  const library = join(folder, 'libvulkan.so.1');
  if (!existsSync(library)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${library}.${process.pid}`;
    writeFileSync(
      unfinished,
      await fromArchive(join(modules, '@sparticuz/chromium/bin/swiftshader.tar.br'), 'libvk_swiftshader.so'),
    );
    renameSync(unfinished, library);
  }
  const others = process.env.LD_LIBRARY_PATH;
  return { ...process.env, LD_LIBRARY_PATH: others ? `${folder}:${others}` : folder };
}

async function fromArchive(file: string, name: string): Promise<Buffer> {
  const archive = extract();
  archive.end(brotliDecompressSync(readFileSync(file)));
  let found: Buffer | undefined;
  for await (const entry of archive) {
    if (entry.header.name.endsWith(name)) found = await buffer(entry);
    else entry.resume();
  }
  if (!found) throw new Error(`${file} holds no ${name}`);
  return found;
}
