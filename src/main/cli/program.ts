/** The command line: its commands, and how errors become messages and exit codes. */
import { Command, CommanderError } from 'commander';
import { messageOf, UserError } from '../../shared/errors';
import type { Runner } from '../supervisor/job-process';
import { addData } from './commands/data';
import { addDevices } from './commands/devices';
import { addEmbed } from './commands/embed';
import { addEval } from './commands/eval';
import { addExperiment } from './commands/experiment';
import { addExport } from './commands/export';
import { addPresets } from './commands/presets';
import { addResume } from './commands/resume';
import { addRuns } from './commands/runs';
import { addSearch } from './commands/search';
import { addServe } from './commands/serve';
import { addSets } from './commands/sets';
import { addTrain } from './commands/train';
import { Context, type CommonOptions } from './context';
import type { Terminal } from './terminal';

/**
 * Runs one command.
 * @param args without the program's name.
 * @returns the exit code: 0 done, 1 failed, 2 bad usage.
 */
export async function runCli(args: readonly string[], terminal: Terminal, runner: Runner): Promise<number> {
  const context = new Context(terminal, runner);
  // Known before the arguments are parsed, so that a wrong argument is reported in JSON too.
  context.configure({ json: args.includes('--json') });
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, '');
      context.emit({ type: 'error', kind: 'usage', message, hint: null });
      return 2;
    }
    return report(context, error);
  }
}

function createProgram(context: Context): Command {
  const { stdout, stderr } = context.terminal;
  const program = new Command('selvedge')
    .description('Train an encoder on your own images, watch it learn, use what it learned.')
    .option(
      '--library <folder>',
      'where runs are kept (default: SELVEDGE_LIBRARY, or the data folder of the platform)',
    )
    .option('--json', 'print one JSON object a line on stdout')
    .exitOverride()
    .showHelpAfterError('(--help lists what there is)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .hook('preAction', (_program, command) => context.configure(command.optsWithGlobals<CommonOptions>()));
  const commands = [
    addPresets,
    addTrain,
    addResume,
    addRuns,
    addEval,
    addExperiment,
    addEmbed,
    addSets,
    addSearch,
    addExport,
    addData,
    addDevices,
    addServe,
  ];
  for (const add of commands) add(program, context);
  return program;
}

function report(context: Context, error: unknown): 1 | 2 {
  if (error instanceof UserError) {
    context.emit({ type: 'error', kind: error.kind, message: error.message, hint: error.hint ?? null });
    context.note(error.message);
    if (error.hint) context.note(error.hint);
    return error.kind === 'usage' ? 2 : 1;
  }
  context.emit({ type: 'error', kind: 'bug', message: messageOf(error), hint: null });
  context.note('This is a bug in Selvedge. Please report it with these lines:');
  context.note(error instanceof Error && error.stack ? error.stack : String(error));
  return 1;
}
