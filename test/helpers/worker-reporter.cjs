'use strict';
const { Runner } = require('mocha');
const ParallelBuffered = require('mocha/lib/nodejs/reporters/parallel-buffered.cjs');
const { leftOutOf } = require('./reporter.cjs');

/** Of several processes, each one's: a test that was left out takes its suite and the reason along, which mocha's own copy of a test has no room for. */
module.exports = class extends ParallelBuffered {
  createListener(event) {
    const hear = super.createListener(event);
    if (event !== Runner.constants.EVENT_TEST_PENDING) return hear;
    const hearWhy = (test) => hear({ serialize: () => ({ ...test.serialize(), leftOut: leftOutOf(test) }) });
    this.listeners.set(event, hearWhy);
    return hearWhy;
  }
};
