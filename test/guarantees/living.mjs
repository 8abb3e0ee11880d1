// Loaded before the product in the soak: when asked by a signal it collects its garbage and writes down what lives, in bytes.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`LIVING ${heapUsed + external}\n`);
});
