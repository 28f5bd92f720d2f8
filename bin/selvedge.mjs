#!/usr/bin/env node
/** The `selvedge` command: hands over to the built CLI under Node 24. */
import { launch } from './launch.mjs';

launch('main/cli.js', process.argv.slice(2));
