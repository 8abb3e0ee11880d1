'use strict';
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { reporters, Runner } = require('mocha');

const { wrongWith } = require('./calls.ts');

const { EVENT_RUN_END, EVENT_TEST_PENDING } = Runner.constants;

/** The suite that gave the reason, or else the outermost one. */
const leftOutWith = (suite) => (suite.leftOutBecause || !suite.parent || suite.parent.root ? suite : leftOutWith(suite.parent));
const leftOutOf = ({ parent }) => {
  const suite = leftOutWith(parent);
  return { title: suite.fullTitle(), why: suite.leftOutBecause ?? 'no reason given' };
};

/** From now on every process of this run, and each that it starts, writes down its calls; gives what they wrote. */
const recordCalls = () => {
  const recorder = require.resolve('./record-calls.cjs');
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  Object.assign(process.env, { RECORD_CALLS_IN: folder, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require "${recorder}"` });
  require(recorder);
  return () => {
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n')).filter((line) => line !== '');
    rmSync(folder, { recursive: true });
    return lines;
  };
};

/** Dots; then every suite that was left out, with the reason it gave; then what is wrong with the calls of the run, each a failure; then the counts, also as a file for whoever asks. */
module.exports = class extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    if (runner.isParallelMode()) runner.workerReporter(require.resolve('./worker-reporter.cjs'));
    const { result, whole } = options.reporterOptions ?? options.reporterOption ?? {};
    const callsMade = recordCalls();
    this.wrong = [];
    const leftOut = new Map();
    runner.on(EVENT_TEST_PENDING, (test) => {
      const { title, why } = test.leftOut ?? leftOutOf(test);
      const { count } = leftOut.get(title) ?? { count: 0 };
      leftOut.set(title, { count: count + 1, why });
    });
    runner.once(EVENT_RUN_END, () => {
      const lines = [...leftOut].map(([title, { count, why }]) => `left out: ${title} (${count}): ${why}`);
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      this.wrong = wrongWith(callsMade(), whole === 'true' && !options.grep && !options.fgrep);
      lines.push(...this.wrong, `${passes} passed, ${failures + this.wrong.length} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
      process.stdout.write(`${lines.join('\n')}\n`);
      if (result) writeFileSync(result, `${lines.at(-1)}\n`);
    });
  }

  done(failures, end) {
    end(failures + this.wrong.length);
  }
};
module.exports.leftOutOf = leftOutOf;
