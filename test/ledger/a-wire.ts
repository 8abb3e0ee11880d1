import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to the server that can be cut and mended, and fall silent while it stays connected. */
export const aWire = async ({ hostname, port: farPort }: URL) => {
  const ends = new Set<Socket>();
  let isSilent = false;
  const wire = createServer((near) => {
    const far = connect(Number(farPort || 5432), hostname);
    for (const end of [near, far]) ends.add(end.on('error', () => undefined).on('close', () => [near, far].forEach((one) => one.destroy())));
    if (!isSilent) near.pipe(far).pipe(near);
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
  const fallSilent = (): void => {
    isSilent = true;
    for (const end of ends) end.unpipe().pause();
  };
  /** The old connections stay silent. */
  const speakAgain = (): void => { isSilent = false; };
  return { port, cut, mend: () => listen(port), fallSilent, speakAgain };
};
