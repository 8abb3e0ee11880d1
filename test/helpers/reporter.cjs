'use strict';
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_PENDING } = Runner.constants;

/** The suite that gave the reason, or else the outermost one. */
const leftOutWith = (suite) => (suite.leftOutBecause || !suite.parent || suite.parent.root ? suite : leftOutWith(suite.parent));

/** Dots; then every suite that was left out, with the reason it gave; then the counts, also as a file for whoever asks. */
module.exports = class extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    const leftOut = new Map();
    runner.on(EVENT_TEST_PENDING, ({ parent }) => {
      const suite = leftOutWith(parent);
      leftOut.set(suite, (leftOut.get(suite) ?? 0) + 1);
    });
    runner.once(EVENT_RUN_END, () => {
      const lines = [...leftOut].map(([suite, count]) => `left out: ${suite.fullTitle()} (${count}): ${suite.leftOutBecause ?? 'no reason given'}`);
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      lines.push(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
      process.stdout.write(`${lines.join('\n')}\n`);
      const { result } = options.reporterOptions ?? options.reporterOption ?? {};
      if (result) writeFileSync(result, `${lines.at(-1)}\n`);
    });
  }
};
