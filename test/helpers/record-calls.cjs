'use strict';
/**
 * Loaded into every process of a test run, those that tests start included: writes down what leaves the product, a line for each
 * request, without its query. It listens to the HTTP clients themselves, so nothing in `src` can go past it.
 */
const { subscribe } = require('node:diagnostics_channel');
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');

const write = (method, address) => {
  const folder = process.env.RECORD_CALLS_IN;
  const { origin, pathname } = new URL(address);
  if (folder) appendFileSync(join(folder, String(process.pid)), `${method} ${origin}${pathname}\n`);
};

subscribe('undici:request:create', ({ request: { method, origin, path, headers } }) => {
  // `fetch` is what tests and `src/local` use; the import plan keeps it out of every other room.
  if (!headers.includes('sec-fetch-mode')) write(method, new URL(path, origin));
});
subscribe('http.client.request.start', ({ request: { method, protocol, host, path } }) => write(method, new URL(path, `${protocol}//${host}`)));
