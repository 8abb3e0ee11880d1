import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aStoryWorld, type Story, type World } from './people.js';
import { Product } from './product.js';

/** The product in a world made for one story. */
export const startStory = async (environment: Readonly<Record<string, string>> = {}, change: (story: Story) => World = ({ world }) => world): Promise<{ product: Product; story: Story }> => {
  const story = aStoryWorld();
  const file = join(mkdtempSync(join(tmpdir(), 'world-')), 'world.json');
  writeFileSync(file, JSON.stringify(change(story)));
  return { product: await Product.start({ SANDBOX_WORLD: file, ...environment }), story };
};
