/** The `selvedge` command, under Node 24; bin/selvedge.mjs starts it. */
import { fileURLToPath } from 'node:url';
import { runCli } from './program';
import { realTerminal } from './terminal';

// Built to out/main/cli.js, beside out/runner/.
const script = fileURLToPath(new URL('../runner/index.js', import.meta.url));
process.exitCode = await runCli(process.argv.slice(2), realTerminal(), { script });
