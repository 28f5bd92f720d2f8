/** A vitest reporter that leaves counts, and the reason of each skip, in the file SELVEDGE_TEST_SUMMARY names. */
import { writeFileSync } from 'node:fs';

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = module.relativeModuleId ?? module.moduleId;
      for (const error of module.errors()) summary.failed.push(`${file}: ${error.message}`);
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors())
          summary.failed.push(`${file} > ${suite.fullName}: ${error.message}`);
      }
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed.push(name);
        else summary.skipped.push({ name, reason: result.note });
      }
    }
    for (const skip of summary.skipped) {
      if (skip.reason) continue;
      // A skip nobody explains hides a hole: say why with `context.skip(reason)`.
      skip.reason = 'no reason given';
      summary.failed.push(`${skip.name}: skipped without a reason; use context.skip('why')`);
    }
    for (const error of unhandledErrors) summary.failed.push(`outside of any test: ${error.message}`);
    writeFileSync(process.env.SELVEDGE_TEST_SUMMARY, JSON.stringify(summary));
  }
}
