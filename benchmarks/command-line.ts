/** The command line of this build, called by benchmarks that measure what a user would. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Line {
  type: string;
  [key: string]: unknown;
}

/** @returns the lines of its JSON. @throws Error with what it said where it fails. */
export async function selvedge(library: string, ...args: string[]): Promise<Line[]> {
  const child = spawn(process.execPath, ['out/main/cli.js', ...args, '--json', '--library', library], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  const errors: string[] = [];
  createInterface(child.stdout).on('line', (text) => lines.push(JSON.parse(text) as Line));
  createInterface(child.stderr).on('line', (text) => errors.push(text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`selvedge ${args.join(' ')}\n${errors.slice(-8).join('\n')}`);
  return lines;
}

/** Puts `text` between `<!-- name -->` and `<!-- /name -->` of docs/results.md. */
export function writeResults(name: string, text: string): void {
  const file = 'docs/results.md';
  const page = readFileSync(file, 'utf8');
  const [before, rest] = page.split(`<!-- ${name} -->`);
  const [, after] = rest.split(`<!-- /${name} -->`);
  writeFileSync(file, `${before}<!-- ${name} -->\n\n${text}\n\n<!-- /${name} -->${after}`);
}
