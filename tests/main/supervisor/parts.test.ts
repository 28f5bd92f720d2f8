import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../src/main/supervisor/child-environment';
import { explainExit } from '../../../src/main/supervisor/exit-report';
import { nodePath } from '../../../src/main/supervisor/node-path';
import { OutputTail } from '../../../src/main/supervisor/output-tail';

describe('OutputTail', () => {
  it('keeps the last lines, whatever the chunks', () => {
    const seen: string[] = [];
    const tail = new OutputTail(2, (line) => seen.push(line));
    for (const chunk of ['on', 'e\ntw', 'o\r\nthree\nfo', 'ur']) tail.push(chunk);
    tail.end();
    expect(tail.lines()).toEqual(['three', 'four']);
    expect(seen).toEqual(['one', 'two', 'three', 'four']);
  });

  it('cuts lines that never end', () => {
    const tail = new OutputTail(10);
    tail.push('x'.repeat(5000));
    expect(tail.lines()).toEqual(['x'.repeat(2000)]);
  });
});

describe('explainExit', () => {
  it.each([
    [null, 'SIGKILL', [], /killed from outside/, /lowMemory/],
    [134, null, ['FATAL: JavaScript heap out of memory'], /out of memory/, /batchSize/],
    [null, 'SIGSEGV', ['one', 'two'], /SIGSEGV.*one \| two/, /Resume/],
    [3, null, [], /exit code 3/, /Resume/],
  ])('says why (%s, %s)', (code, signal, output, message, hint) => {
    const explanation = explainExit(code, signal, output);
    expect(explanation.message).toMatch(message);
    expect(explanation.hint).toMatch(hint);
  });
});

describe('nodePath', () => {
  it('is this binary under Node 24, and that of the node package elsewhere', () => {
    expect(nodePath()).toBe(process.execPath);
    expect(nodePath({ ...process.versions, node: '20.1.0' })).toMatch(/node_modules.node.bin.node/);
    expect(nodePath({ ...process.versions, electron: '45.0.0' })).toMatch(/node_modules.node.bin.node/);
  });
});

describe('childEnvironment', () => {
  it('gives sharp a thread a core, never less than libuv has anyway, and lets the user decide', () => {
    expect(childEnvironment({ A: 'b' }, 16)).toEqual({ A: 'b', UV_THREADPOOL_SIZE: '16' });
    expect(childEnvironment({}, 2)).toEqual({ UV_THREADPOOL_SIZE: '4' });
    expect(childEnvironment({ UV_THREADPOOL_SIZE: '7' }, 16)).toEqual({ UV_THREADPOOL_SIZE: '7' });
  });
});
