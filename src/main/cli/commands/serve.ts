/** `selvedge serve`: the app in a browser on this machine. */
import type { Command } from 'commander';
import { portOf, serve } from '../../shell/headless/serve';
import type { Context } from '../context';

interface ServeOptions {
  port: string;
  root: string[];
  open: boolean;
}

export function addServe(program: Command, context: Context): void {
  program
    .command('serve')
    .description('open the app in a browser; on another machine, through ssh -L')
    .option('--port <n>', 'where to listen on 127.0.0.1; any free port where left out', '0')
    .option(
      '--root <folder>',
      'a folder that data may be chosen from; may be repeated (default: the home folder)',
      (folder: string, before: string[]) => [...before, folder],
      [],
    )
    .option('--no-open', 'do not open the browser')
    .action(({ port, root, open }: ServeOptions) =>
      serve(
        {
          runner: context.runner,
          library: context.libraryFolder,
          port: portOf(port),
          roots: root,
          open,
        },
        {
          say: (text) => context.print(text),
          onInterrupt: (handler) => context.terminal.onInterrupt(handler),
          onServing: ({ url, port }) => context.emit({ type: 'serving', url, port }),
        },
      ),
    );
}
