'use strict';
/**
 * Stands in for the SDK's connector and Azure's clients below it, which `botbuilder-core` loads whole for a few classes that this house
 * never makes: it has a connector and a token check of its own (decision 0014).
 */
module.exports = new Proxy({}, {
  get: (_, name) => class {
    constructor() {
      throw new Error(`${String(name)} is left out of this bundle (deploy/left-out.cjs).`);
    }
  },
});
