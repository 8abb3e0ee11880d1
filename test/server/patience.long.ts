import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { closePageHouses, type PageHouse } from '../pages/a-browser.js';
import { everyRoute, headOf, openEverything, statusesIn, type AnyRoute } from './every-route.js';

const promisedMs = 45_000;
const bodyPatienceMs = 10_000;

type Cut = { readonly afterMs: number; readonly heard: string };

describe('the patience of the server, as it runs', function () {
  this.timeout(120_000);
  let house: PageHouse;
  let lines: () => Promise<number>;
  beforeEach(async () => {
    house = await openEverything(undefined, {}, undefined, ({ server }) => {
      lines = () => new Promise((resolve, reject) => { server.getConnections((error, count) => (error ? reject(error) : resolve(count))); });
    });
  });
  afterEach(closePageHouses);

  /** Opens a line, does something with it, and tells when the server has closed it. */
  const cutAfter = (act: (socket: net.Socket) => NodeJS.Timeout | void): Promise<Cut> => new Promise((resolve) => {
    const begun = Date.now();
    let heard = '';
    const socket = net.connect({ port: Number(new URL(house.url).port), host: '127.0.0.1', allowHalfOpen: true });
    const going = act(socket);
    socket.on('data', (data) => { heard += data.toString('latin1'); });
    const end = (): void => {
      clearInterval(going ?? undefined);
      socket.destroy();
      resolve({ afterMs: Date.now() - begun, heard });
    };
    socket.on('error', () => undefined).on('end', end).on('close', end);
  });
  const letterByLetter = (text: string) => (socket: net.Socket): NodeJS.Timeout => {
    let at = 0;
    return setInterval(() => void (socket.writable && socket.write(text.charAt(at++) || 'x')), 1_000);
  };
  const atEach = async (act: (route: AnyRoute) => Promise<Cut>, mostMs: number): Promise<void> => {
    const cuts = await Promise.all(everyRoute.map(async (route) => ({ route, ...(await act(route)) })));
    process.stdout.write(`\n      cut after ${Math.min(...cuts.map(({ afterMs }) => afterMs))} to ${Math.max(...cuts.map(({ afterMs }) => afterMs))} ms\n`);
    for (const { route, afterMs, heard } of cuts) {
      assert(afterMs < mostMs, `${route.method} ${route.path}: ${afterMs} ms`);
      assert(statusesIn(heard).length <= 1, heard);
    }
  };

  it('ends within 45 s for headers that come letter by letter', () =>
    atEach((route) => cutAfter(letterByLetter(headOf(route, `X: ${'x'.repeat(200)}`))), promisedMs));

  it('ends after 10 s for a body that comes letter by letter', () =>
    atEach((route) => cutAfter((socket) => { socket.write(headOf(route, 'Content-Length: 1000')); return letterByLetter('')(socket); }), bodyPatienceMs + 2_000));

  it('ends within 45 s for whoever connects and says nothing', () =>
    atEach(() => cutAfter(() => undefined), promisedMs));

  it('ends within 45 s for whoever goes silent in the middle of a header', () =>
    atEach((route) => cutAfter((socket) => { socket.write(headOf(route).slice(0, 20)); }), promisedMs));

  it('ends within 45 s for whoever has asked much, one thing after the other, and reads none of the answers', async () => {
    const socket = net.connect(Number(new URL(house.url).port), '127.0.0.1').on('error', () => undefined).pause();
    for (let asked = 0; asked < 4_000 && socket.writable; asked += 1) {
      socket.write(headOf({ method: 'GET', path: '/metrics' }));
      await wait(1);
    }
    const begun = Date.now();

    // Whoever does not read does not see the end either: the server is asked.
    while ((await lines()) > 0 && Date.now() - begun < promisedMs) await wait(200);

    process.stdout.write(`\n      cut ${Date.now() - begun} ms after the last question\n`);
    assert.equal(await lines(), 0);
    socket.destroy();
  });
});
