/** A vitest reporter that leaves counts, and the reason of each skip, in the file SELVEDGE_TEST_SUMMARY names. */
import { writeFileSync } from 'node:fs';

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const failedBefore = summary.failed.length;
      const file = module.relativeModuleId ?? module.moduleId;
      for (const error of module.errors()) summary.failed.push(`${file}: ${error.message}`);
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors())
          summary.failed.push(`${file} > ${suite.fullName}: ${error.message}`);
      }
      // Where a file or its set-up broke, its tests never ran; that is one failure, counted above.
      const broken = summary.failed.length > failedBefore;
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed.push(name);
        else if (!broken) summary.skipped.push({ name, reason: result.note });
      }
    }
    // A skip that nobody explains hides a hole.
    for (const { name } of summary.skipped.filter(({ reason }) => !reason)) {
      summary.failed.push(`${name}: skipped without a reason; use context.skip('why')`);
    }
    summary.skipped = summary.skipped.filter(({ reason }) => reason);
    for (const error of unhandledErrors) summary.failed.push(`outside of any test: ${error.message}`);
    writeFileSync(process.env.SELVEDGE_TEST_SUMMARY, JSON.stringify(summary));
  }
}
