'use strict';
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_PENDING } = Runner.constants;

/** The suite that gave the reason, or else the outermost one. */
const leftOutWith = (suite) => (suite.leftOutBecause || !suite.parent || suite.parent.root ? suite : leftOutWith(suite.parent));
const leftOutOf = ({ parent }) => {
  const suite = leftOutWith(parent);
  return { title: suite.fullTitle(), why: suite.leftOutBecause ?? 'no reason given' };
};

/** Dots; then every suite that was left out, with the reason it gave; then the counts, also as a file for whoever asks. */
module.exports = class extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    if (runner.isParallelMode()) runner.workerReporter(require.resolve('./worker-reporter.cjs'));
    const leftOut = new Map();
    runner.on(EVENT_TEST_PENDING, (test) => {
      const { title, why } = test.leftOut ?? leftOutOf(test);
      const { count } = leftOut.get(title) ?? { count: 0 };
      leftOut.set(title, { count: count + 1, why });
    });
    runner.once(EVENT_RUN_END, () => {
      const lines = [...leftOut].map(([title, { count, why }]) => `left out: ${title} (${count}): ${why}`);
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      lines.push(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
      process.stdout.write(`${lines.join('\n')}\n`);
      const { result } = options.reporterOptions ?? options.reporterOption ?? {};
      if (result) writeFileSync(result, `${lines.at(-1)}\n`);
    });
  }
};
module.exports.leftOutOf = leftOutOf;
