import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to the server that can be cut and mended. */
export const aWire = async ({ hostname, port: farPort }: URL) => {
  const ends = new Set<Socket>();
  const wire = createServer((near) => {
    const far = connect(Number(farPort || 5432), hostname);
    for (const end of [near, far]) ends.add(end.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy())));
    near.pipe(far).pipe(near);
  });
  const listen = async (port = 0): Promise<number> => {
    wire.listen(port, '127.0.0.1').unref();
    await once(wire, 'listening');
    return (wire.address() as AddressInfo).port;
  };
  const port = await listen();
  const cut = async (): Promise<void> => {
    const closed = once(wire, 'close');
    wire.close();
    for (const end of ends) end.destroy();
    await closed;
  };
  return { port, cut, mend: () => listen(port) };
};
