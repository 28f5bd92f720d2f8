/** `selvedge presets [id]`: ready-made configurations, and one of them as a file to start from. */
import type { Command } from 'commander';
import { nearest, UserError } from '../../../shared/errors';
import { describe } from '../../questions';
import type { Context } from '../context';

export function addPresets(program: Command, context: Context): void {
  program
    .command('presets')
    .description('list ready-made configurations, or print one as JSON')
    .argument('[id]', 'print the configuration of this preset, to save, edit and train')
    .action(async (id?: string) => {
      const { presets } = await describe(context);
      if (id !== undefined) {
        const preset = presets.find((candidate) => candidate.id === id);
        if (!preset) {
          const names = presets.map((candidate) => candidate.id);
          const guess = nearest(id, names);
          const hint = guess ? `Did you mean ${guess}?` : `There are: ${names.join(', ')}.`;
          throw new UserError(`There is no preset "${id}".`, hint, 'usage');
        }
        context.emit({ type: 'preset', ...preset });
        context.print(JSON.stringify(preset.config, null, 2));
        return;
      }
      for (const preset of presets) {
        context.emit({ type: 'preset', ...preset });
        context.print(`${preset.id}\n  ${preset.title}. ${preset.summary}`);
        if (preset.published !== null) context.print(`  Published: ${preset.published}.`);
      }
      context.print(`\nTrain one: ${context.commandLine('train <preset> --data <folder>')}`);
    });
}
