/** `selvedge export <run>`: the encoder as a file for other programs. */
import { Option, type Command } from 'commander';
import { exportEncoder } from '../../encoder-jobs';
import { findRun } from '../../find-run';
import type { Context } from '../context';
import { watchJob } from '../job-view';

interface ExportOptions {
  format: 'onnx' | 'safetensors';
  out: string;
  checkpoint: string;
}

export function addExport(program: Command, context: Context): void {
  program
    .command('export')
    .description('write the encoder of a run to a file')
    .argument('<run>', 'id, the beginning of an id, name, or "last"')
    .addOption(
      new Option('--format <format>', 'onnx runs anywhere; safetensors loads into torchvision and timm')
        .choices(['onnx', 'safetensors'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'what to write')
    .option('--checkpoint <which>', 'last, best, or a step', 'last')
    .action((reference: string, options: ExportOptions) =>
      context.withHost('read', async (host) => {
        const { id } = findRun(host.store.runs.list(), reference);
        const report = await watchJob(context, (hooks) =>
          exportEncoder(host, { run: id, checkpoint: options.checkpoint }, { ...options, ...hooks }),
        );
        context.emit({ type: 'exported', run: id, out: options.out, format: options.format, ...report });
        context.print(`Wrote ${options.out}.`);
      }),
    );
}
