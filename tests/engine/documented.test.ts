import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernels } from '../../src/engine/kernels';

const page = readFileSync('docs/engine.md', 'utf8');
const tests = readFileSync('tests/engine/kernels.test.ts', 'utf8');

/** Gradients are reached through the tests of what they differentiate. */
const forward = (kernel: string): string => kernel.replace(/Grad$|Backprop(Input|Filter)$/, '');

describe('each kernel', () => {
  it.each(Object.keys(kernels))('%s is in docs/engine.md and has a test', (kernel) => {
    expect(page).toContain(`\`${kernel}\``);
    expect(tests).toMatch(new RegExp(`\\b${forward(kernel)}\\b`));
  });
});
